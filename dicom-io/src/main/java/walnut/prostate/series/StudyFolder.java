package walnut.prostate.series;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
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
        Walk walk = new Walk(folder);
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
        } catch (IOException e) {
            throw new WalnutException(FailureCode.FILE_UNREADABLE, "cannot walk " + folder + ": " + e.getMessage(), e);
        }
        walk.files.sort(Comparator.naturalOrder());
        StudyFolder read =
                StudyFiles.read(walk.files, file -> folder.relativize(file).toString(), progress);
        List<Problem> problems = new ArrayList<>(walk.problems);
        problems.addAll(read.problems());
        return new StudyFolder(read.studies(), problems);
    }

    /** Collects regular files; what cannot be entered or opened is a problem, not the end of the walk. */
    private static final class Walk extends SimpleFileVisitor<Path> {
        private final Path folder;
        private final List<Path> files = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        Walk(Path folder) {
            this.folder = folder;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                files.add(file);
            } else {
                problem(FailureCode.FILE_UNREADABLE, file, "is no regular file");
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            if (failure instanceof FileSystemLoopException) {
                problem(FailureCode.DIRECTORY_LOOP, file, "leads back to a folder above it");
            } else {
                problem(FailureCode.FILE_UNREADABLE, file, "cannot be opened");
            }
            return FileVisitResult.CONTINUE;
        }

        private void problem(FailureCode code, Path file, String what) {
            problems.add(new Problem(code, folder.relativize(file) + " " + what));
        }
    }
}
