package planted.walnut.prostate;

import planted.walnut.dicom.net.scu.Client;

record SeesNetwork(Client client) {}
