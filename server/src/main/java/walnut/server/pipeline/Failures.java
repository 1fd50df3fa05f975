package walnut.server.pipeline;

import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.database.Database;

/** Names what went wrong around a case: the disk, the database, or us. */
final class Failures {
    private Failures() {}

    static WalnutException of(RuntimeException failure) {
        return Database.failureOfTable(failure)
                .orElseGet(() -> new WalnutException(
                        FailureCode.INTERNAL_ERROR, "unforeseen failure, see the log of this node", failure));
    }
}
