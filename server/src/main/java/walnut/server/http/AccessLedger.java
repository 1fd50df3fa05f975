package walnut.server.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import walnut.server.ledger.Ledger;
import walnut.server.security.AccessRule;
import walnut.server.security.Caller;
import walnut.server.security.Recent;
import walnut.server.security.Role;
import walnut.server.security.Tokens;

/**
 * Notes who looks at or changes what, before it is answered: a request that cannot be noted is not answered. A page and
 * its hundred pictures are one look: the same person reading the same thing is noted once in {@link #ONE_LOOK}.
 *
 * <p>Methods block until the entry is on the disk; any thread.
 */
final class AccessLedger {
    static final Duration ONE_LOOK = Duration.ofMinutes(5);

    private static final int MOST_REMEMBERED = 10_000;

    private final Ledger ledger;
    private final Clock clock;
    private final Map<String, Instant> looks = new LinkedHashMap<>();

    AccessLedger(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** @param acting the roles that open this address to the caller */
    void allowed(Caller caller, Set<Role> acting, AccessRule.Noted noted, String subject) {
        String detail = "as " + Role.words(acting);
        if (noted.look()) {
            once(caller.name(), noted.action(), subject, detail);
        } else {
            ledger.append(caller.name(), noted.action(), subject, detail);
        }
    }

    void refused(Caller caller, AccessRule rule) {
        once(
                caller.name(),
                "ACCESS_REFUSED",
                rule.method() + " " + rule.path(),
                "has only " + Role.words(caller.roles()));
    }

    /** A bearer token that is none, or one that has ended. */
    void tokenRefused(String address) {
        once(Tokens.UNKNOWN, "TOKEN_REFUSED", "bearer", "from " + address);
    }

    /** Each of them: there are few, since an address that goes on trying is put off. */
    void signInRefused(String address) {
        ledger.append(Tokens.UNKNOWN, "SIGN_IN_REFUSED", "sign-in", "from " + address);
    }

    void signedIn(Caller caller, String address) {
        ledger.append(caller.name(), "SIGNED_IN", "sign-in", "from " + address);
    }

    private void once(String actor, String action, String subject, String detail) {
        String look = actor + '\n' + action + '\n' + subject + '\n' + detail;
        if (!isNewLook(look)) {
            return;
        }
        try {
            ledger.append(actor, action, subject, detail);
        } catch (RuntimeException e) {
            // A look that could not be noted is none: whoever asks again is noted then.
            forget(look);
            throw e;
        }
    }

    private synchronized void forget(String look) {
        looks.remove(look);
    }

    private synchronized boolean isNewLook(String look) {
        Instant now = clock.instant();
        Instant before = looks.get(look);
        if (before != null && Recent.isRecent(before, ONE_LOOK, now)) {
            return false;
        }
        looks.remove(look);
        looks.put(look, now);
        if (looks.size() > MOST_REMEMBERED) {
            looks.remove(looks.keySet().iterator().next());
        }
        return true;
    }
}
