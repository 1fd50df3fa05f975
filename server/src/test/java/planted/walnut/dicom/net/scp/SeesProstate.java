package planted.walnut.dicom.net.scp;

import planted.walnut.prostate.Gland;

record SeesProstate(Gland gland) {}
