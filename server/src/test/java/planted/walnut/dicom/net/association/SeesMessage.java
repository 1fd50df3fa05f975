package planted.walnut.dicom.net.association;

import planted.walnut.dicom.net.dimse.Message;

record SeesMessage(Message message) {}
