package walnut.server.security;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Sessions in a map. */
final class InMemorySessions implements SessionStore {
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    /** Everything that is kept, as text: no key may be in it. */
    synchronized String kept() {
        return sessions.toString();
    }

    @Override
    public synchronized void open(
            String keySha256, Session session, Instant openedBefore, Instant seenBefore, int most) {
        sessions.values()
                .removeIf(other -> !other.openedAt().isAfter(openedBefore)
                        || !other.lastSeenAt().isAfter(seenBefore));
        while (sessions.size() >= most) {
            sessions.remove(Collections.min(sessions.entrySet(), Comparator.comparing(entry -> entry.getValue()
                            .openedAt()))
                    .getKey());
        }
        sessions.put(keySha256, session);
    }

    @Override
    public synchronized Optional<Session> find(String keySha256) {
        return Optional.ofNullable(sessions.get(keySha256));
    }

    @Override
    public synchronized void seen(String keySha256, Instant at) {
        sessions.computeIfPresent(keySha256, (key, session) -> new Session(session.tokenId(), session.openedAt(), at));
    }

    @Override
    public synchronized void close(String keySha256) {
        sessions.remove(keySha256);
    }
}
