package walnut.dicom.net.scp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * How a {@link DimseServer} listens and whom it lets in.
 *
 * @param host address to bind; anything but loopback needs {@code callingAeTitles}
 * @param port TCP port; 0 takes any free one
 * @param aeTitle our AE title; associations that call another one are rejected 1/1/7
 * @param callingAeTitles the only senders let in, others are rejected 1/1/3; empty lets in all (loopback only)
 * @param maximumAssociations at once; one more is rejected 2/3/2, so that the sender tries again later
 * @param maximumPduLength longest P-DATA-TF we accept and announce, in bytes after its six-byte header
 * @param maximumOperations operations outstanding per association when the sender proposes a window (item 53H)
 * @param maximumBytesInFlight received but not yet written bytes per association above which reading pauses
 * @param artimTimeout for an A-ASSOCIATE-RQ after connecting, and for the peer to close after the end
 * @param idleTimeout without a byte from the peer while no operation is outstanding
 */
public record DimseServerConfig(
        String host,
        int port,
        String aeTitle,
        Set<String> callingAeTitles,
        int maximumAssociations,
        int maximumPduLength,
        int maximumOperations,
        int maximumBytesInFlight,
        Duration artimTimeout,
        Duration idleTimeout) {

    public DimseServerConfig {
        callingAeTitles = Set.copyOf(callingAeTitles);
        List<String> problems = new ArrayList<>();
        if (port < 0 || port > 65535) {
            problems.add("DICOM port must lie in 0..65535, found " + port);
        }
        if (!isAeTitle(aeTitle)) {
            problems.add("AE title must be 1 to 16 characters without backslash, found '" + aeTitle + "'");
        }
        for (String caller : callingAeTitles) {
            if (!isAeTitle(caller)) {
                problems.add("calling AE title must be 1 to 16 characters without backslash, found '" + caller + "'");
            }
        }
        if (maximumAssociations < 1) {
            problems.add("maximum associations must be at least 1, found " + maximumAssociations);
        }
        if (maximumPduLength < 4096 || maximumPduLength > 1 << 20) {
            problems.add("maximum PDU length must lie in 4096..1048576, found " + maximumPduLength);
        }
        if (maximumOperations < 1 || maximumOperations > 1024) {
            problems.add("maximum operations must lie in 1..1024, found " + maximumOperations);
        }
        if (maximumBytesInFlight < 1) {
            problems.add("maximum bytes in flight must be positive, found " + maximumBytesInFlight);
        }
        if (!isPositive(artimTimeout) || !isPositive(idleTimeout)) {
            problems.add("ARTIM and idle timeouts must be positive");
        }
        if (!problems.isEmpty()) {
            throw new WalnutException(FailureCode.CONFIGURATION_INVALID, String.join("; ", problems));
        }
    }

    /** Loopback, any caller, AE title WALNUT, and limits that suit one node. */
    public static DimseServerConfig defaults() {
        return new DimseServerConfig(
                "127.0.0.1",
                11112,
                "WALNUT",
                Set.of(),
                64,
                131072,
                16,
                4 << 20,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60));
    }

    public DimseServerConfig withHost(String newHost) {
        return new DimseServerConfig(
                newHost,
                port,
                aeTitle,
                callingAeTitles,
                maximumAssociations,
                maximumPduLength,
                maximumOperations,
                maximumBytesInFlight,
                artimTimeout,
                idleTimeout);
    }

    public DimseServerConfig withPort(int newPort) {
        return new DimseServerConfig(
                host,
                newPort,
                aeTitle,
                callingAeTitles,
                maximumAssociations,
                maximumPduLength,
                maximumOperations,
                maximumBytesInFlight,
                artimTimeout,
                idleTimeout);
    }

    public DimseServerConfig withAeTitle(String newAeTitle) {
        return new DimseServerConfig(
                host,
                port,
                newAeTitle,
                callingAeTitles,
                maximumAssociations,
                maximumPduLength,
                maximumOperations,
                maximumBytesInFlight,
                artimTimeout,
                idleTimeout);
    }

    public DimseServerConfig withCallingAeTitles(Set<String> newCallingAeTitles) {
        return new DimseServerConfig(
                host,
                port,
                aeTitle,
                newCallingAeTitles,
                maximumAssociations,
                maximumPduLength,
                maximumOperations,
                maximumBytesInFlight,
                artimTimeout,
                idleTimeout);
    }

    public DimseServerConfig withMaximumAssociations(int newMaximumAssociations) {
        return new DimseServerConfig(
                host,
                port,
                aeTitle,
                callingAeTitles,
                newMaximumAssociations,
                maximumPduLength,
                maximumOperations,
                maximumBytesInFlight,
                artimTimeout,
                idleTimeout);
    }

    public DimseServerConfig withMaximumBytesInFlight(int newMaximumBytesInFlight) {
        return new DimseServerConfig(
                host,
                port,
                aeTitle,
                callingAeTitles,
                maximumAssociations,
                maximumPduLength,
                maximumOperations,
                newMaximumBytesInFlight,
                artimTimeout,
                idleTimeout);
    }

    public DimseServerConfig withTimeouts(Duration newArtimTimeout, Duration newIdleTimeout) {
        return new DimseServerConfig(
                host,
                port,
                aeTitle,
                callingAeTitles,
                maximumAssociations,
                maximumPduLength,
                maximumOperations,
                maximumBytesInFlight,
                newArtimTimeout,
                newIdleTimeout);
    }

    private static boolean isAeTitle(String title) {
        return !title.isBlank()
                && title.length() <= 16
                && title.indexOf('\\') < 0
                && title.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }
}
