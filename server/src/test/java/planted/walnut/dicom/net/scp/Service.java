package planted.walnut.dicom.net.scp;

/** Something to see from where it must not be seen. */
public record Service() {}
