package walnut.server.api;

import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Who wants something changed, and why: what every change by a person carries. Neither may be empty. */
public record NamedReason(String actor, String reason) {

    public NamedReason {
        if (actor.isBlank() || reason.isBlank()) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "a change needs a name (actor) and a reason");
        }
    }
}
