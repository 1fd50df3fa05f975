package walnut.server.security;

import java.time.Instant;
import java.util.Optional;

/** Where browser sessions are kept, by the digest of their key. Methods may block. */
public interface SessionStore {

    record Session(String tokenId, Instant openedAt, Instant lastSeenAt) {}

    /**
     * Adds a session, after those have gone that began before {@code openedBefore} or were last seen before
     * {@code seenBefore}, and the oldest where there would be more than {@code most}.
     */
    void open(String keySha256, Session session, Instant openedBefore, Instant seenBefore, int most);

    Optional<Session> find(String keySha256);

    void seen(String keySha256, Instant at);

    void close(String keySha256);
}
