package planted.walnut.dicom.data;

import planted.walnut.prostate.Gland;

record SeesProstate(Gland gland) {}
