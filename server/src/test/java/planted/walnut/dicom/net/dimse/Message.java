package planted.walnut.dicom.net.dimse;

/** Something to see from where it must not be seen. */
public record Message() {}
