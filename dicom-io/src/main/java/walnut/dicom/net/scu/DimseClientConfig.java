package walnut.dicom.net.scu;

import java.time.Duration;

/**
 * How a {@link DimseClient} calls.
 *
 * @param callingAeTitle our AE title
 * @param maximumPduLength longest P-DATA-TF we accept; what we send obeys the peer's own limit
 * @param connectTimeout for TCP
 * @param responseTimeout for an A-ASSOCIATE answer and for each DIMSE response
 */
public record DimseClientConfig(
        String callingAeTitle, int maximumPduLength, Duration connectTimeout, Duration responseTimeout) {

    public static DimseClientConfig defaults() {
        return new DimseClientConfig("WALNUT", 131072, Duration.ofSeconds(10), Duration.ofSeconds(60));
    }

    public DimseClientConfig withCallingAeTitle(String title) {
        return new DimseClientConfig(title, maximumPduLength, connectTimeout, responseTimeout);
    }
}
