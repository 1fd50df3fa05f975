package walnut.server.outbox;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import walnut.dicom.net.dimse.Status;
import walnut.dicom.net.scu.SendOutcome;
import walnut.failure.FailureCode;
import walnut.server.database.OutgoingObject;

/**
 * What an answer means for the next attempt (PS3.4 annex B.2.3, PS3.7 annex C).
 *
 * <p>Delivered: 0000H, a warning, and 0111H, which says that it is there already. Tried again, later and later: no answer,
 * a transient rejection, refused for resources (A7xxH), processing failure (0110H), resource limitation (0213H). Anything
 * else will be said again next time as well: it is parked until an operator looks.
 */
record RetryPolicy(List<Duration> pauses, Duration giveUpAfter) {

    static RetryPolicy standard() {
        return new RetryPolicy(
                List.of(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(10),
                        Duration.ofHours(1)),
                Duration.ofDays(7));
    }

    /** @return when to try again; empty where that makes no sense */
    Optional<Instant> next(OutgoingObject object, SendOutcome outcome, Instant now) {
        boolean tooOld = object.createdAt().plus(giveUpAfter).isBefore(now);
        if (tooOld || !mayHelpToTryAgain(outcome)) {
            return Optional.empty();
        }
        return Optional.of(now.plus(pauses.get(Math.min(object.attempts(), pauses.size() - 1))));
    }

    private static boolean mayHelpToTryAgain(SendOutcome outcome) {
        if (outcome.status() >= 0) {
            return (outcome.status() & 0xff00) == 0xa700
                    || outcome.status() == Status.PROCESSING_FAILURE
                    || outcome.status() == Status.RESOURCE_LIMITATION;
        }
        return outcome.failure().filter(FailureCode::retryable).isPresent();
    }
}
