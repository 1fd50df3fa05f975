package planted.walnut.dicom.data;

import planted.walnut.dicom.part10.File;

record SeesPart10(File file) {}
