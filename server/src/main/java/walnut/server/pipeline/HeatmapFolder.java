package walnut.server.pipeline;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.volume.Nifti;
import walnut.volume.Volume;

/** Heatmaps of stored predictions as NIfTI files, one each. They can be made again by a replay; losing one loses no result. */
public final class HeatmapFolder {
    private final Path folder;

    public HeatmapFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "cannot make the folder for heatmaps", e);
        }
    }

    /** The file is synced when this returns, so that a stored prediction has its heatmap. */
    void write(String predictionId, Volume heatmap) {
        Path file = file(predictionId);
        try {
            Nifti.write(heatmap, file);
            try (FileChannel written = FileChannel.open(file, StandardOpenOption.WRITE)) {
                written.force(true);
            }
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "cannot write a heatmap: " + e.getMessage(), e);
        }
    }

    void delete(String predictionId) {
        try {
            Files.deleteIfExists(file(predictionId));
        } catch (IOException ignored) {
            // A file nobody refers to is swept with the folder; nothing depends on it.
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
        return folder.resolve(predictionId + ".nii.gz");
    }
}
