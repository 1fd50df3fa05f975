package walnut.server.security;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Slows down who tries secrets: after {@link #MOST_FAILURES} within {@link #WINDOW} an address waits for the rest of it,
 * whatever it shows. An IPv6 address counts by its /64, which one subscriber has. In memory and bounded; any thread.
 */
public final class SignInThrottle {
    static final int MOST_FAILURES = 10;
    static final Duration WINDOW = Duration.ofMinutes(5);
    static final int MOST_ADDRESSES = 10_000;

    private final Clock clock;
    private final Map<String, Failures> byAddress = new LinkedHashMap<>();

    private record Failures(Instant since, int count) {}

    public SignInThrottle(Clock clock) {
        this.clock = clock;
    }

    /** How long this address has to wait; empty when it need not. */
    public synchronized Optional<Duration> wait(String address) {
        Failures failures = byAddress.get(network(address));
        if (failures == null || failures.count() < MOST_FAILURES) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return Recent.isRecent(failures.since(), WINDOW, now)
                ? Optional.of(Duration.between(now, failures.since().plus(WINDOW)))
                : Optional.empty();
    }

    public synchronized void failed(String address) {
        String network = network(address);
        Instant now = clock.instant();
        Failures before = byAddress.remove(network);
        Failures after = before != null && Recent.isRecent(before.since(), WINDOW, now)
                ? new Failures(before.since(), before.count() + 1)
                : new Failures(now, 1);
        byAddress.put(network, after);
        if (byAddress.size() > MOST_ADDRESSES) {
            byAddress.remove(byAddress.keySet().iterator().next());
        }
    }

    public synchronized void succeeded(String address) {
        byAddress.remove(network(address));
    }

    private static String network(String address) {
        if (!address.contains(":")) {
            return address;
        }
        try {
            // A literal: nothing is looked up.
            InetAddress parsed = InetAddress.getByName(address);
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), 8))
                    : address;
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
