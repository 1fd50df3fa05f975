package walnut.server.security;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Browsers that were signed in with a token. A session ends {@link #LIFETIME} after it began, {@link #IDLE} after it was
 * last seen, with its token, when it is signed out, and where the clock was set back behind it. Methods may block; any thread and any process.
 */
public final class Sessions {
    /** A working day's shift. */
    public static final Duration LIFETIME = Duration.ofHours(8);

    public static final Duration IDLE = Duration.ofHours(1);

    /** A session is written down as seen no more often than this: it is asked at every picture. */
    static final Duration SEEN_ONCE_IN = Duration.ofMinutes(1);

    static final int MOST = 1000;

    private final SessionStore store;
    private final Tokens tokens;
    private final Clock clock;
    private final SecureRandom random;

    public Sessions(SessionStore store, Tokens tokens, Clock clock, SecureRandom random) {
        this.store = store;
        this.tokens = tokens;
        this.clock = clock;
        this.random = random;
    }

    /** A new session's key, 256 random bits; only its digest is kept. The oldest session ends where there would be too many. */
    public String open(Caller caller) {
        Instant now = clock.instant();
        String key = Secrets.make(random);
        store.open(
                Secrets.sha256(key),
                new SessionStore.Session(caller.tokenId(), now, now),
                now.minus(LIFETIME),
                now.minus(IDLE),
                MOST);
        return key;
    }

    /** Who is at the browser that shows this key; empty where the session, or its token, has ended. */
    public Optional<Caller> callerWith(String key) {
        return find(key, true);
    }

    /** The same for what a page asks by itself: it is no sign of somebody being there. */
    public Optional<Caller> holderOf(String key) {
        return find(key, false);
    }

    private Optional<Caller> find(String key, boolean seen) {
        String sha256 = Secrets.sha256(key);
        Optional<SessionStore.Session> found = store.find(sha256);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        SessionStore.Session session = found.orElseThrow();
        Instant now = clock.instant();
        Optional<Caller> caller = isOpen(session, now) ? tokens.holder(session.tokenId()) : Optional.empty();
        if (caller.isEmpty()) {
            store.close(sha256);
        } else if (seen && !now.isBefore(session.lastSeenAt().plus(SEEN_ONCE_IN))) {
            store.seen(sha256, now);
        }
        return caller;
    }

    private static boolean isOpen(SessionStore.Session session, Instant now) {
        return Recent.isRecent(session.openedAt(), LIFETIME, now) && Recent.isRecent(session.lastSeenAt(), IDLE, now);
    }

    public void close(String key) {
        store.close(Secrets.sha256(key));
    }
}
