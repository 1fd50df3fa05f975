package walnut.server.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Where the HTTP listener binds and who may ask. Closed by default: without a token only this machine is served.
 *
 * @param port 0 takes any free port
 * @param token bearer token that every request must carry, liveness and readiness excepted; null asks for none
 */
public record HttpSettings(String host, int port, @Nullable String token) {
    /** Short tokens can be guessed over the network. */
    static final int MIN_TOKEN_LENGTH = 16;

    public HttpSettings {
        if (port < 0 || port > 65_535) {
            throw new WalnutException(FailureCode.CONFIGURATION_INVALID, "HTTP port must be 0 to 65535, got " + port);
        }
        if (token != null && token.length() < MIN_TOKEN_LENGTH) {
            throw new WalnutException(
                    FailureCode.CONFIGURATION_INVALID,
                    "the HTTP token must have at least " + MIN_TOKEN_LENGTH + " characters, it has " + token.length());
        }
        if (token == null && !isLoopback(host)) {
            throw new WalnutException(
                    FailureCode.CONFIGURATION_INVALID,
                    "HTTP would listen on " + host + " for everybody: configure an HTTP token of at least "
                            + MIN_TOKEN_LENGTH + " characters, or bind to 127.0.0.1");
        }
    }

    public static HttpSettings loopback(int port) {
        return new HttpSettings("127.0.0.1", port, null);
    }

    boolean isLoopback() {
        return isLoopback(host);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new WalnutException(
                    FailureCode.CONFIGURATION_INVALID, "the HTTP host is not an address of this machine: " + host, e);
        }
    }
}
