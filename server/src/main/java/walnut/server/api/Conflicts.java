package walnut.server.api;

import java.time.Instant;
import java.util.List;

/** SOP Instance UIDs that came with more than one content, and the operator's choice. Methods may block. */
public interface Conflicts {

    List<Conflict> conflicts();

    /**
     * Lets one content stand; the others are kept and no longer used, and the case runs again.
     *
     * @throws walnut.failure.WalnutException NOT_FOUND where no such content stands
     */
    void choose(String sopInstanceUid, String datasetSha256, NamedReason reason);

    record Conflict(String sopInstanceUid, List<Content> contents) {}

    /** @param file from the data directory */
    record Content(
            String datasetSha256, String studyInstanceUid, Instant receivedAt, String callingAeTitle, String file) {}
}
