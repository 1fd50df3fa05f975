package walnut.dicom.net.scu;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Calls a peer: Verification and Storage as SCU. */
public final class DimseClient {

    private DimseClient() {}

    public static DimseClient create(Vertx vertx, DimseClientConfig config) {
        return new DimseClient();
    }

    /**
     * C-ECHO over an association of its own; the round trip of the echo. Fails with PEER_UNREACHABLE,
     * ASSOCIATION_REJECTED, ASSOCIATION_ABORTED or PEER_TIMEOUT.
     */
    public Future<Duration> echo(Destination destination) {
        return Future.failedFuture(new WalnutException(FailureCode.INTERNAL_ERROR, "DimseClient is about to be built"));
    }

    /**
     * Sends Part 10 files over one association (several when they need more than 128 presentation contexts), in the
     * order given. Completes with one outcome per file, also when the peer refuses some or ends the association in the
     * middle; fails only when no association came about.
     *
     * @param progress told each outcome as it comes, on an event loop
     */
    public Future<List<SendOutcome>> send(Destination destination, List<Path> files, Consumer<SendOutcome> progress) {
        return Future.failedFuture(new WalnutException(FailureCode.INTERNAL_ERROR, "DimseClient is about to be built"));
    }
}
