package walnut.prostate.series;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

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
     * The study in these Part 10 files (the server's stored instances), headers read once and without pixel data. A file
     * that cannot be read becomes a problem of the study.
     *
     * @throws WalnutException NOT_FOUND when no file holds an instance, INVALID_ARGUMENT when they belong to several
     *     studies
     */
    public static Study of(Collection<Path> files) {
        StudyFolder read = StudyFiles.read(files, file -> String.valueOf(file.getFileName()), ReadingProgress.SILENT);
        if (read.studies().isEmpty()) {
            throw new WalnutException(
                    FailureCode.NOT_FOUND,
                    "no DICOM instance among " + files.size() + " files"
                            + (read.problems().isEmpty()
                                    ? ""
                                    : "; the first: " + read.problems().get(0)));
        }
        if (read.studies().size() > 1) {
            throw new WalnutException(
                    FailureCode.INVALID_ARGUMENT,
                    "expected the files of one study, found " + read.studies().size());
        }
        Study study = read.studies().get(0);
        List<Problem> problems = new ArrayList<>(study.problems());
        problems.addAll(read.problems());
        return new Study(study.studyInstanceUid(), study.series(), problems);
    }
}
