package walnut.prostate.series;

/** Told how far the reading of headers has come; called on the reading thread. */
@FunctionalInterface
public interface ReadingProgress {
    ReadingProgress SILENT = (read, files) -> {};

    void headersRead(int read, int files);
}
