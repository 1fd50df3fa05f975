package walnut.server.pipeline;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.StorageFailure;
import walnut.volume.Nifti;
import walnut.volume.Volume;

/** Heatmaps of stored predictions as NIfTI files, one each. They can be made again by a replay; losing one loses no result. */
public final class HeatmapFolder {
    private static final String SUFFIX = ".nii.gz";

    private final Path folder;

    public HeatmapFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "cannot make the folder for heatmaps", e);
        }
    }

    /**
     * The file is synced when this returns, so that a stored prediction has its heatmap; where it cannot be written, there is
     * none, so that a disk that is full stays no fuller than it was.
     */
    void write(String predictionId, Volume heatmap) {
        Path file = file(predictionId);
        try {
            Nifti.write(heatmap, file);
            try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
                written.force(true);
            }
        } catch (IOException e) {
            delete(predictionId);
            throw StorageFailure.of(e);
        }
    }

    void delete(String predictionId) {
        try {
            Files.deleteIfExists(file(predictionId));
        } catch (IOException ignored) {
            // A file nobody refers to is swept at the next start; nothing depends on it.
        }
    }

    /** Deletes heatmaps last written before this whose prediction was never stored. */
    public void sweep(Predicate<String> isPrediction, Instant before) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String predictionId = name.substring(0, name.length() - SUFFIX.length());
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before) && !isPrediction.test(predictionId)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "cannot read the folder of heatmaps", e);
        }
    }

    Optional<Volume> read(String predictionId) {
        Path file = file(predictionId);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Nifti.read(file));
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "cannot read a heatmap: " + e.getMessage(), e);
        }
    }

    private Path file(String predictionId) {
        return folder.resolve(predictionId + SUFFIX);
    }
}
