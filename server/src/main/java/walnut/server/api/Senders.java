package walnut.server.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who sends studies here, by the AE title that they call themselves. */
public interface Senders {

    /** Those that may send first, then whoever else came, each by name. */
    List<Sender> senders();

    /**
     * @param known whether the configuration names it; where it names nobody, anybody on this machine may send
     * @param lastSeenAt of this process; null where it has not come since the start
     * @param stored objects that were acknowledged since the start
     * @param notStored objects that were answered with a failure since the start
     * @param lastRejection why its last association was rejected; null when it was accepted
     */
    record Sender(
            String aeTitle,
            boolean known,
            @Nullable Instant lastSeenAt,
            long associations,
            long stored,
            long notStored,
            @Nullable String lastRejection) {}
}
