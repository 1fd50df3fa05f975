package walnut.dicom.net.scu;

import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** A peer to call, written {@code AET@host:port} (an IPv6 host in brackets). */
public record Destination(String aeTitle, String host, int port) {
    public Destination {
        if (aeTitle.isBlank() || aeTitle.length() > 16 || aeTitle.indexOf('\\') >= 0) {
            throw new WalnutException(
                    FailureCode.INVALID_ARGUMENT,
                    "AE title must be 1 to 16 characters without backslash, found '" + aeTitle + "'");
        }
        if (host.isBlank()) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "destination without a host");
        }
        if (port < 1 || port > 65535) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "port must lie in 1..65535, found " + port);
        }
    }

    public static Destination parse(String text) {
        int at = text.indexOf('@');
        int colon = text.lastIndexOf(':');
        if (at < 0 || colon < at) {
            throw new WalnutException(
                    FailureCode.INVALID_ARGUMENT, "destination must be AET@host:port, found '" + text + "'");
        }
        String host = text.substring(at + 1, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new Destination(text.substring(0, at), host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new WalnutException(
                    FailureCode.INVALID_ARGUMENT,
                    "port must be a number, found '" + text.substring(colon + 1) + "'",
                    e);
        }
    }

    @Override
    public String toString() {
        return aeTitle + "@" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
