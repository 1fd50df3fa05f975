package planted.walnut.dicom.net.transport;

import planted.walnut.dicom.net.pdu.Pdu;

record SeesPdu(Pdu pdu) {}
