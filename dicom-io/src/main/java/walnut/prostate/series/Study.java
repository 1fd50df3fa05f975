package walnut.prostate.series;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * The series of one StudyInstanceUID, read from headers alone.
 *
 * @param series by series number, then UID
 * @param problems what concerns the study as a whole: two patients, files that could not be read
 */
public record Study(String studyInstanceUid, List<StudySeries> series, List<Problem> problems) {

    public Study {
        series = List.copyOf(series);
        problems = List.copyOf(problems);
    }

    /**
     * The study in these Part 10 files (the server's stored instances), headers read once and without pixel data.
     *
     * @throws walnut.failure.WalnutException NOT_FOUND when no file holds an image, INVALID_ARGUMENT when the files
     *     belong to several studies, and what the reader says about a file that is damaged
     */
    public static Study of(Collection<Path> files) {
        throw new UnsupportedOperationException("lands with walnut.dicom.part10");
    }
}
