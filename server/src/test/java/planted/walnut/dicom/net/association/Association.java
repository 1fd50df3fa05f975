package planted.walnut.dicom.net.association;

/** Something to see from where it must not be seen. */
public record Association() {}
