package planted.walnut.dicom.net.pdu;

import planted.walnut.dicom.net.association.Association;

record SeesAssociation(Association association) {}
