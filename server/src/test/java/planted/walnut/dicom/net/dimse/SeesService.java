package planted.walnut.dicom.net.dimse;

import planted.walnut.dicom.net.scp.Service;

record SeesService(Service service) {}
