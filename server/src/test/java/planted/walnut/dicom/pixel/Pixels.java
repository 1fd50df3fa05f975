package planted.walnut.dicom.pixel;

/** Something to see from where it must not be seen. */
public record Pixels() {}
