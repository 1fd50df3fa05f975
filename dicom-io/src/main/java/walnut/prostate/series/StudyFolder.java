package walnut.prostate.series;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import walnut.dicom.part10.FolderFiles;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * All studies below a folder.
 *
 * @param studies by StudyInstanceUID
 * @param problems files that are no DICOM objects or could not be read, by path relative to the folder
 */
public record StudyFolder(List<Study> studies, List<Problem> problems) {

    public StudyFolder {
        studies = List.copyOf(studies);
        problems = List.copyOf(problems);
    }

    /**
     * Walks the folder (links followed, loops survived) and reads the headers of every file.
     *
     * @throws WalnutException NOT_FOUND when there is no such folder
     */
    public static StudyFolder read(Path folder) {
        return read(folder, ReadingProgress.SILENT);
    }

    /** As {@link #read(Path)}, telling how far it has come. */
    public static StudyFolder read(Path folder, ReadingProgress progress) {
        if (!Files.isDirectory(folder)) {
            throw new WalnutException(FailureCode.NOT_FOUND, "no such folder: " + folder);
        }
        FolderFiles found = FolderFiles.below(folder);
        StudyFolder read =
                StudyFiles.read(found.files(), file -> folder.relativize(file).toString(), progress);
        List<Problem> problems = new ArrayList<>();
        found.leftOut()
                .forEach(left ->
                        problems.add(new Problem(left.code(), folder.relativize(left.path()) + " " + left.why())));
        problems.addAll(read.problems());
        return new StudyFolder(read.studies(), problems);
    }
}
