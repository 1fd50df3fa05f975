package walnut.prostate.series;

import java.nio.file.Path;
import java.util.List;

/**
 * All studies below a folder.
 *
 * @param studies by StudyInstanceUID
 * @param problems files that are no DICOM images or could not be read, by path relative to the folder
 */
public record StudyFolder(List<Study> studies, List<Problem> problems) {

    public StudyFolder {
        studies = List.copyOf(studies);
        problems = List.copyOf(problems);
    }

    /** Walks the folder (links followed, loops survived) and reads the headers of every file. */
    public static StudyFolder read(Path folder) {
        throw new UnsupportedOperationException("lands with walnut.dicom.part10");
    }
}
