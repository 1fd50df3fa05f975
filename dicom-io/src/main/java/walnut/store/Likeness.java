package walnut.store;

/** How the contents of two objects under one SOP Instance UID stand to one another, whatever their bytes. */
public enum Likeness {
    /** The same data set, encoded differently: another transfer syntax, lengths, padding ({@link CanonicalDataSet}). */
    SAME_DATA_SET,
    /** Equal stored pixel values under a new header. */
    SAME_PIXELS,
    /** Other pixels, or no pixels by which they could be told to be the same image. */
    OTHER_CONTENT
}
