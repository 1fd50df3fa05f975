package walnut.server.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.security.TrustedProxies;

/**
 * Where the HTTP listener binds.
 *
 * @param port 0 takes any free port
 * @param proxies before it, whose word on who asks is believed
 */
public record HttpSettings(String host, int port, TrustedProxies proxies) {

    public HttpSettings {
        if (port < 0 || port > 65_535) {
            throw new WalnutException(FailureCode.CONFIGURATION_INVALID, "HTTP port must be 0 to 65535, got " + port);
        }
    }

    public static HttpSettings loopback(int port) {
        return new HttpSettings("127.0.0.1", port, TrustedProxies.NONE);
    }

    /** Closed by default: where nobody has a token yet, only this machine is listened to. */
    void checkReachableOnlyWithToken(boolean nobodyHasToken) {
        if (nobodyHasToken && !isLoopback()) {
            throw new WalnutException(
                    FailureCode.CONFIGURATION_INVALID,
                    "http.host " + host + " is not loopback and nobody has a token yet: set http.token, or make one"
                            + " with 'walnut token create', or start once on 127.0.0.1, where the administrator's is"
                            + " printed");
        }
    }

    private boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new WalnutException(
                    FailureCode.CONFIGURATION_INVALID, "the HTTP host is not an address of this machine: " + host, e);
        }
    }
}
