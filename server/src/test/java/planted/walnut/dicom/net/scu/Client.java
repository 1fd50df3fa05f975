package planted.walnut.dicom.net.scu;

/** Something to see from where it must not be seen. */
public record Client() {}
