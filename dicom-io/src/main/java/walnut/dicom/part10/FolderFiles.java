package walnut.dicom.part10;

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
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * The regular files below a folder, DICOM or not. Links are followed; what cannot be entered or opened, and links that
 * lead in a circle, are named and end nothing.
 *
 * @param files in the order of their paths
 * @param leftOut what was not walked
 */
public record FolderFiles(List<Path> files, List<LeftOut> leftOut) {

    /**
     * @param code DIRECTORY_LOOP or FILE_UNREADABLE
     * @param why for people: a predicate to the path
     */
    public record LeftOut(FailureCode code, Path path, String why) {}

    public FolderFiles {
        files = List.copyOf(files);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * @param root a folder, or one file
     * @throws WalnutException NOT_FOUND when there is neither
     */
    public static FolderFiles below(Path root) {
        if (!Files.exists(root)) {
            throw new WalnutException(FailureCode.NOT_FOUND, "no such file or folder: " + root);
        }
        Walk walk = new Walk();
        try {
            Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
        } catch (IOException e) {
            throw new WalnutException(FailureCode.FILE_UNREADABLE, "cannot walk " + root + ": " + e.getMessage(), e);
        }
        walk.files.sort(Comparator.naturalOrder());
        return new FolderFiles(walk.files, walk.leftOut);
    }

    private static final class Walk extends SimpleFileVisitor<Path> {
        private final List<Path> files = new ArrayList<>();
        private final List<LeftOut> leftOut = new ArrayList<>();

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
                files.add(file);
            } else {
                // Links are followed: one that is still a link leads nowhere.
                boolean broken = attributes.isSymbolicLink();
                leave(FailureCode.FILE_UNREADABLE, file, broken ? "is a link to nothing" : "is no regular file");
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            if (failure instanceof FileSystemLoopException) {
                leave(FailureCode.DIRECTORY_LOOP, file, "leads back to a folder above it");
            } else {
                leave(FailureCode.FILE_UNREADABLE, file, "cannot be opened");
            }
            return FileVisitResult.CONTINUE;
        }

        /** A folder whose listing broke off: what was listed is there, the rest is not. */
        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
            if (failure != null) {
                leave(FailureCode.FILE_UNREADABLE, directory, "cannot be read to its end");
            }
            return FileVisitResult.CONTINUE;
        }

        private void leave(FailureCode code, Path path, String why) {
            leftOut.add(new LeftOut(code, path, why));
        }
    }
}
