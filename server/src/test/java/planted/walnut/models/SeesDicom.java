package planted.walnut.models;

import planted.walnut.dicom.data.Data;

record SeesDicom(Data data) {}
