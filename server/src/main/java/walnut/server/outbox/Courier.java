package walnut.server.outbox;

import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.dicom.net.scu.Destination;
import walnut.dicom.net.scu.DimseClient;
import walnut.dicom.net.scu.SendOutcome;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.database.OutboxTable;
import walnut.server.database.OutgoingObject;
import walnut.server.journey.Bell;
import walnut.server.journey.Rounds;
import walnut.server.journey.Step;
import walnut.server.journey.StepObserver;

/**
 * Brings objects to one destination, on a thread of its own, so that one that hangs keeps no other waiting. What it took is
 * claimed in the database until its lease ends; an answer that was not noted is asked for again with the same bytes.
 */
final class Courier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final Duration TICK = Duration.ofSeconds(2);
    private static final int AT_ONCE = 50;
    /** For a whole association; the peer's single answers have their own limit. */
    private static final Duration SENDING = Duration.ofMinutes(10);
    /** Renewed while an association lasts. */
    private static final Duration LEASE = Duration.ofMinutes(1);

    private static final Duration RENEWAL = LEASE.dividedBy(3);

    private final String name;
    private final Destination destination;
    private final String holder;
    private final OutboxTable table;
    private final ResultSource results;
    private final ResultFolder folder;
    private final DimseClient client;
    private final OutboxListener listener;
    private final StepObserver steps;
    private final Clock clock;
    private final RetryPolicy retries = RetryPolicy.standard();
    private final Bell bell = new Bell();
    private final Rounds rounds;

    Courier(
            String name,
            Destination destination,
            String holder,
            OutboxTable table,
            ResultSource results,
            ResultFolder folder,
            DimseClient client,
            OutboxListener listener,
            StepObserver steps,
            Clock clock) {
        this.name = name;
        this.destination = destination;
        this.holder = holder;
        this.table = table;
        this.results = results;
        this.folder = folder;
        this.client = client;
        this.listener = listener;
        this.steps = steps;
        this.clock = clock;
        this.rounds = new Rounds("outbox-" + name, bell, this::sendSome, () -> TICK);
    }

    void start() {
        rounds.start();
    }

    void wake() {
        bell.ring();
    }

    /** Returns whether anything was delivered, so that what waits behind it goes on at once. */
    private boolean sendSome() {
        List<OutgoingObject> due = table.claim(name, holder, clock.instant(), LEASE, AT_ONCE);
        return !due.isEmpty() && send(due);
    }

    private boolean send(List<OutgoingObject> due) {
        due.stream()
                .filter(object -> !Files.exists(folder.path(object.file())))
                .map(OutgoingObject::predictionId)
                .distinct()
                .forEach(this::writeAgain);
        Map<Path, OutgoingObject> byFile = due.stream()
                .collect(Collectors.toMap(
                        object -> folder.path(object.file()),
                        Function.identity(),
                        (first, same) -> first,
                        LinkedHashMap::new));
        List<Path> files = List.copyOf(byFile.keySet());
        List<SendOutcome> outcomes = outcomes(files);
        boolean delivered = false;
        for (int index = 0; index < files.size(); index++) {
            OutgoingObject object =
                    Optional.ofNullable(byFile.get(files.get(index))).orElseThrow();
            steps.done(Step.SENT, object.predictionId());
            delivered |= note(object, outcomes.get(index));
            steps.done(Step.ACKNOWLEDGED, object.predictionId());
        }
        return delivered;
    }

    /** Objects are a function of their prediction; where the images are gone, sending fails for want of the file. */
    private void writeAgain(String predictionId) {
        try {
            folder.write(predictionId, results.objects(predictionId));
        } catch (WalnutException e) {
            LOG.warn(
                    "prediction {}: lost objects cannot be written again: {} {}",
                    predictionId,
                    e.code(),
                    e.getMessage());
        }
    }

    /** One outcome a file; where no association came about, the same reason for each. */
    private List<SendOutcome> outcomes(List<Path> files) {
        try {
            return await(client.send(destination, files, outcome -> {}));
        } catch (WalnutException e) {
            return files.stream()
                    .map(file -> new SendOutcome(file, "", -1, Optional.of(e.code()), String.valueOf(e.getMessage())))
                    .toList();
        }
    }

    private boolean note(OutgoingObject object, SendOutcome outcome) {
        Instant now = clock.instant();
        String answer = outcome.failure().map(code -> code.name() + ": ").orElse("") + outcome.detail();
        OutgoingObject.State state;
        Instant next = now;
        if (outcome.delivered()) {
            state = OutgoingObject.State.DELIVERED;
            if (outcome.isWarning()) {
                answer = "with a warning: " + answer;
                LOG.warn("prediction {} to {}: {} {}", object.predictionId(), object.destination(), state, answer);
            }
        } else {
            Optional<Instant> again = retries.next(object, outcome, now);
            state = again.isPresent() ? OutgoingObject.State.PENDING : OutgoingObject.State.PARKED;
            next = again.orElse(now);
            LOG.warn("prediction {} to {}: {} ({})", object.predictionId(), object.destination(), state, answer);
        }
        table.attempted(object, holder, state, next, answer, now);
        listener.attempted(object.destination(), state, Duration.between(object.createdAt(), now));
        return outcome.delivered();
    }

    private <T> T await(Future<T> future) {
        CompletableFuture<T> answer = future.toCompletionStage().toCompletableFuture();
        try {
            for (Duration waited = Duration.ZERO; waited.compareTo(SENDING) < 0; waited = waited.plus(RENEWAL)) {
                try {
                    return answer.get(RENEWAL.toSeconds(), TimeUnit.SECONDS);
                } catch (TimeoutException stillSending) {
                    table.renew(name, holder, clock.instant().plus(LEASE));
                }
            }
            throw new WalnutException(FailureCode.PEER_TIMEOUT, "the destination did not finish in time");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WalnutException foreseen) {
                throw foreseen;
            }
            throw new WalnutException(FailureCode.INTERNAL_ERROR, "sending failed unforeseen", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WalnutException(FailureCode.PEER_TIMEOUT, "interrupted while sending", e);
        }
    }

    /** Lets the association at hand end, then stops. */
    @Override
    public void close() {
        rounds.close();
    }
}
