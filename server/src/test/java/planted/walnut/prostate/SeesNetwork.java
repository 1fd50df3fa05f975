package planted.walnut.prostate;

import planted.walnut.dicom.net.scp.Service;

record SeesNetwork(Service service) {}
