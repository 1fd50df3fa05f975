package planted.walnut.dicom.net.pdu;

/** Something to see from where it must not be seen. */
public record Pdu() {}
