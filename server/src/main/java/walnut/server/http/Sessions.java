package walnut.server.http;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Browsers that have shown the token. Kept in memory: a restart signs everybody out. Any thread. */
final class Sessions {
    static final Duration LIFETIME = Duration.ofHours(8);
    private static final int MOST = 1000;
    private static final int KEY_BYTES = 32;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Instant> expiryByKey = new LinkedHashMap<>();

    Sessions(Clock clock) {
        this.clock = clock;
    }

    /** A new session's key, 256 random bits. The oldest session ends where there would be too many. */
    synchronized String open() {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        if (expiryByKey.size() >= MOST) {
            expiryByKey.remove(expiryByKey.keySet().iterator().next());
        }
        expiryByKey.put(key, clock.instant().plus(LIFETIME));
        return key;
    }

    synchronized boolean isOpen(String key) {
        Instant expiry = expiryByKey.get(key);
        if (expiry == null) {
            return false;
        }
        if (clock.instant().isBefore(expiry)) {
            return true;
        }
        expiryByKey.remove(key);
        return false;
    }

    synchronized void close(String key) {
        expiryByKey.remove(key);
    }
}
