package walnut.server.security;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Addresses that sign one browser in, once: a command prints one, so that whoever started it need not copy a secret. In
 * memory; they end with the process. Any thread.
 */
public final class SignInLinks {
    static final Duration LIFETIME = Duration.ofHours(12);
    private static final int MOST = 16;

    private final Tokens tokens;
    private final Clock clock;
    private final SecureRandom random;
    private final Map<String, Link> links = new LinkedHashMap<>();

    private record Link(String tokenId, Instant madeAt) {}

    public SignInLinks(Tokens tokens, Clock clock, SecureRandom random) {
        this.tokens = tokens;
        this.clock = clock;
        this.random = random;
    }

    /** The path of a new link. */
    public synchronized String make(AccessToken token) {
        String key = Secrets.make(random);
        links.put(Secrets.sha256(key), new Link(token.tokenId(), clock.instant()));
        if (links.size() > MOST) {
            links.remove(links.keySet().iterator().next());
        }
        return "/sign-in/" + key;
    }

    /** Who is signed in by it; empty for a link that is unknown, was used, or is too old. May block. */
    public Optional<Caller> use(String key) {
        Link link;
        synchronized (this) {
            link = links.remove(Secrets.sha256(key));
        }
        return link == null || !Recent.isRecent(link.madeAt(), LIFETIME, clock.instant())
                ? Optional.empty()
                : tokens.holder(link.tokenId());
    }
}
