package walnut.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.digest.Sha256;
import walnut.failure.FailureCode;

/**
 * Settles at start what a crash left undecided: rows and files that arrived after the last checkpoint.
 *
 * <ul>
 *   <li>A row whose file is there with the right bytes is an instance; its file is synced now, since nobody knows whether
 *       it was.
 *   <li>A row whose file is missing or different was never acknowledged; the row goes, a different file goes into
 *       quarantine.
 *   <li>A file that no row names was never acknowledged; it goes.
 * </ul>
 *
 * <p>Files from before the checkpoint that no row names mean that the index is older than the files (a restored backup):
 * they are left alone, and so is everything when there is no checkpoint at all.
 */
final class Settlement {
    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    private final Disk disk;
    private final StoreLayout layout;
    private final InstanceIndex index;
    private long latest;
    private int kept;
    private int rowsRemoved;
    private int filesRemoved;
    private int filesUnknown;

    Settlement(Disk disk, StoreLayout layout, InstanceIndex index) {
        this.disk = disk;
        this.layout = layout;
        this.index = index;
    }

    /** Settles everything; returns the latest arrival seen. */
    long run(OptionalLong checkpoint) throws IOException {
        long since = checkpoint.orElse(0);
        latest = Math.max(0, since - 1);
        Set<Path> named = settleRows(since);
        settleFiles(since, named, checkpoint.isPresent());
        if (rowsRemoved + filesRemoved + filesUnknown > 0) {
            LOG.warn(
                    "after an unclean end: {} instances kept, {} rows without their file removed,"
                            + " {} files without a row removed, {} left alone",
                    kept,
                    rowsRemoved,
                    filesRemoved,
                    filesUnknown);
        }
        return latest;
    }

    private Set<Path> settleRows(long since) throws IOException {
        List<StoredInstance> rows = new ArrayList<>();
        index.forEachSince(since, rows::add);
        Set<Path> named = new HashSet<>();
        Set<Path> directories = new HashSet<>();
        List<StoredInstance> broken = new ArrayList<>();
        for (StoredInstance row : rows) {
            latest = Math.max(latest, row.receivedAt());
            Path file = layout.root().resolve(row.file());
            if (isWhole(row, file)) {
                disk.syncFile(file);
                named.add(file);
                directories.add(layout.directory(row.receivedAt()));
            } else {
                broken.add(row);
            }
        }
        for (Path directory : directories) {
            disk.syncDirectory(directory);
        }
        index.delete(broken);
        Set<Path> left = new HashSet<>();
        for (StoredInstance row : broken) {
            Path file = layout.root().resolve(row.file());
            if (disk.size(file).isPresent()) {
                disk.move(file, layout.quarantined(row.datasetSha256(), FailureCode.STORAGE_FAILED));
                disk.syncDirectory(layout.quarantine());
                left.add(layout.directory(row.receivedAt()));
            }
        }
        // Both ends of a move: else the file could come back where no row names it, before the checkpoint.
        for (Path directory : left) {
            disk.syncDirectory(directory);
        }
        kept = named.size();
        rowsRemoved = broken.size();
        return named;
    }

    private boolean isWhole(StoredInstance row, Path file) throws IOException {
        OptionalLong size = disk.size(file);
        return size.isPresent()
                && size.getAsLong() == row.size()
                && datasetSha256(file).equals(row.datasetSha256());
    }

    private String datasetSha256(Path file) throws IOException {
        MessageDigest digest = Sha256.begin();
        try (InputStream in = disk.read(file)) {
            FileMetaInformation.skip(in);
            byte[] chunk = new byte[1 << 16];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
            }
        }
        return Sha256.hex(digest);
    }

    private void settleFiles(long since, Set<Path> named, boolean removeUnnamed) throws IOException {
        LocalDate firstDay = Arrivals.day(since);
        for (Path directory : disk.list(layout.instances())) {
            Optional<LocalDate> day = StoreLayout.day(directory);
            if (day.isEmpty() || day.get().isBefore(firstDay)) {
                continue;
            }
            boolean changed = false;
            for (Path file : disk.list(directory)) {
                OptionalLong arrival = StoreLayout.arrival(file);
                if (arrival.isEmpty() || arrival.getAsLong() < since || named.contains(file)) {
                    continue;
                }
                latest = Math.max(latest, arrival.getAsLong());
                if (removeUnnamed) {
                    disk.delete(file);
                    changed = true;
                    filesRemoved++;
                } else {
                    filesUnknown++;
                }
            }
            if (changed) {
                disk.syncDirectory(directory);
            }
        }
    }
}
