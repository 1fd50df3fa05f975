package walnut.server.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * The reverse proxies before this node, whose {@code X-Forwarded-For} is believed. From anybody else that header is what a
 * stranger says of himself: who tries secrets would be another man with each attempt.
 */
public final class TrustedProxies {
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    /** Literals only: a name would be looked up. */
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Pattern IPV4_AND_PORT = Pattern.compile("(" + IPV4 + "):\\d{1,5}");
    private static final Pattern IPV6_AND_PORT = Pattern.compile("\\[(" + IPV6 + ")](:\\d{1,5})?");

    private final List<Network> networks;

    private TrustedProxies(List<Network> networks) {
        this.networks = networks;
    }

    /**
     * @param texts addresses such as 10.0.0.7 and networks such as 10.42.0.0/16 or fd00::/8
     * @throws WalnutException INVALID_ARGUMENT naming each that is neither
     */
    public static TrustedProxies of(List<String> texts) {
        List<Network> networks = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String text : texts) {
            Network.parse(text).ifPresentOrElse(networks::add, () -> wrong.add(text));
        }
        if (!wrong.isEmpty()) {
            throw new WalnutException(
                    FailureCode.INVALID_ARGUMENT,
                    "an address such as 10.0.0.7 or a network such as 10.42.0.0/16 was expected, got "
                            + String.join(", ", wrong));
        }
        return new TrustedProxies(List.copyOf(networks));
    }

    /**
     * Whose request it is: the peer's, or, where a trusted proxy brings it, that of the last address the chain of trusted
     * proxies vouches for.
     *
     * @param peer address of the other end of the connection
     * @param forwardedFor the header's values as they came, each a list
     */
    public String client(String peer, List<String> forwardedFor) {
        List<String> chain = forwardedFor.stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::trim)
                .collect(Collectors.toCollection(ArrayList::new));
        Collections.reverse(chain);
        String client = peer;
        for (String before : chain) {
            Optional<String> address = withoutPort(before);
            if (!isTrusted(client) || address.isEmpty()) {
                return client;
            }
            client = address.orElseThrow();
        }
        return client;
    }

    private boolean isTrusted(String address) {
        return literal(address)
                .filter(parsed -> networks.stream().anyMatch(network -> network.contains(parsed)))
                .isPresent();
    }

    private static Optional<String> withoutPort(String text) {
        for (Pattern withPort : List.of(IPV4_AND_PORT, IPV6_AND_PORT)) {
            Matcher found = withPort.matcher(text);
            if (found.matches()) {
                return Optional.of(found.group(1));
            }
        }
        return literal(text).map(parsed -> text);
    }

    private static Optional<InetAddress> literal(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException noAddress) {
            return Optional.empty();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TrustedProxies that && networks.equals(that.networks);
    }

    @Override
    public int hashCode() {
        return networks.hashCode();
    }

    /** As it is written in the configuration. */
    @Override
    public String toString() {
        return networks.stream().map(Network::toString).collect(Collectors.joining(","));
    }

    /** Addresses that begin with the same bits. */
    private record Network(InetAddress first, int bits) {
        static Optional<Network> parse(String text) {
            String[] parts = text.split("/", 2);
            return literal(parts[0]).flatMap(address -> bits(parts, address.getAddress().length * 8)
                    .map(bits -> new Network(address, bits)));
        }

        private static Optional<Integer> bits(String[] parts, int most) {
            if (parts.length == 1) {
                return Optional.of(most);
            }
            try {
                return Optional.of(Integer.parseInt(parts[1])).filter(bits -> bits >= 0 && bits <= most);
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        boolean contains(InetAddress address) {
            byte[] ours = first.getAddress();
            byte[] theirs = address.getAddress();
            if (ours.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((ours[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return first.getHostAddress() + (bits == first.getAddress().length * 8 ? "" : "/" + bits);
        }
    }
}
