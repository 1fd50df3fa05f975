package walnut.server.security;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import walnut.server.ledger.Ledger;

/** What decides who is let in, kept in memory. */
public final class InMemoryAccess {
    private InMemoryAccess() {}

    public static Access on(Ledger ledger, Clock clock) {
        SecureRandom random = new SecureRandom();
        AtomicInteger ids = new AtomicInteger();
        Tokens tokens = new Tokens(
                new InMemoryTokens(), Optional.empty(), ledger, clock, random, () -> "id-" + ids.incrementAndGet());
        return new Access(
                tokens,
                new Sessions(new InMemorySessions(), tokens, clock, random),
                new SignInLinks(tokens, clock, random),
                new SignInThrottle(clock));
    }
}
