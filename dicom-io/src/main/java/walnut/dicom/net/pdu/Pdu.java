package walnut.dicom.net.pdu;

/** A protocol data unit of the DICOM upper layer, PS3.8 Table 9-11 to 9-26. */
public sealed interface Pdu permits AssociateRq, AssociateAc, AssociateRj, PDataTf, ReleaseRq, ReleaseRp, Abort {
    PduType type();
}
