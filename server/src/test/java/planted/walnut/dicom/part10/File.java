package planted.walnut.dicom.part10;

/** Something to see from where it must not be seen. */
public record File() {}
