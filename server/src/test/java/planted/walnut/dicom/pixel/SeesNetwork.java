package planted.walnut.dicom.pixel;

import planted.walnut.dicom.net.pdu.Pdu;

record SeesNetwork(Pdu pdu) {}
