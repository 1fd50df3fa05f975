package walnut.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/** The arrival before which a restart needs no look, kept in a small file that is replaced as a whole. */
final class Checkpoint {
    private final Disk disk;
    private final StoreLayout layout;

    Checkpoint(Disk disk, StoreLayout layout) {
        this.disk = disk;
        this.layout = layout;
    }

    /** Empty when there is none, or none that can be read: then everything needs a look. */
    OptionalLong read() throws IOException {
        if (disk.size(layout.checkpoint()).isEmpty()) {
            return OptionalLong.empty();
        }
        try (InputStream in = disk.read(layout.checkpoint())) {
            return OptionalLong.of(Long.parseLong(new String(in.readAllBytes(), StandardCharsets.US_ASCII).trim()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** Replaces it. The rename need not be synced: an older checkpoint only means more to look at. */
    void write(long arrival) throws IOException {
        disk.delete(layout.checkpointDraft());
        try (Disk.DiskFile draft = disk.create(layout.checkpointDraft())) {
            draft.write(List.of(ByteBuffer.wrap((arrival + "\n").getBytes(StandardCharsets.US_ASCII))));
            draft.sync();
        }
        disk.move(layout.checkpointDraft(), layout.checkpoint());
    }
}
