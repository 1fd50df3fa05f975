package planted.walnut.dicom.data;

/** Something to see from where it must not be seen. */
public record Data() {}
