package walnut.server.outbox;

import java.time.Duration;
import walnut.server.database.OutgoingObject;

/** Told what became of each attempt. Called on the outbox's thread. */
public interface OutboxListener {

    /** @param since the object was queued */
    void attempted(String destination, OutgoingObject.State state, Duration since);
}
