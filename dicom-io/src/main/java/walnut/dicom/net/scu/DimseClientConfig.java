package walnut.dicom.net.scu;

import java.time.Duration;

/**
 * How a {@link DimseClient} calls.
 *
 * @param callingAeTitle our AE title
 * @param maximumPduLength longest P-DATA-TF we accept; what we send obeys the peer's own limit
 * @param maximumOperations operations outstanding that we propose (item 53H); a peer that answers with fewer, or not at
 *     all as most do, gets no more than it grants
 * @param connectTimeout for TCP
 * @param responseTimeout for an A-ASSOCIATE answer and for each DIMSE response
 */
public record DimseClientConfig(
        String callingAeTitle,
        int maximumPduLength,
        int maximumOperations,
        Duration connectTimeout,
        Duration responseTimeout) {

    public static DimseClientConfig defaults() {
        return new DimseClientConfig("WALNUT", 131072, 16, Duration.ofSeconds(10), Duration.ofSeconds(60));
    }

    public DimseClientConfig withCallingAeTitle(String title) {
        return new DimseClientConfig(title, maximumPduLength, maximumOperations, connectTimeout, responseTimeout);
    }

    public DimseClientConfig withMaximumOperations(int operations) {
        return new DimseClientConfig(callingAeTitle, maximumPduLength, operations, connectTimeout, responseTimeout);
    }
}
