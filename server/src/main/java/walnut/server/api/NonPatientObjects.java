package walnut.server.api;

import java.time.Instant;
import java.util.List;

/** What came in and belongs to no patient: hanging protocols, color palettes, implant templates and the like. May block. */
public interface NonPatientObjects {

    /** Those that stand, newest first. */
    Listing newest(int limit);

    /** @param total how many there are, listed or not */
    record Listing(long total, List<Item> objects) {
        public Listing {
            objects = List.copyOf(objects);
        }
    }

    /**
     * @param sopClass its name in PS3.6, such as "Hanging Protocol Storage"
     * @param sizeBytes of the file
     * @param file from the data directory
     */
    record Item(
            String sopInstanceUid,
            String sopClassUid,
            String sopClass,
            String callingAeTitle,
            Instant receivedAt,
            long sizeBytes,
            String file) {}
}
