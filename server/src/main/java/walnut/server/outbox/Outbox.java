package walnut.server.outbox;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.net.scu.Destination;
import walnut.dicom.net.scu.DimseClient;
import walnut.dicom.net.scu.SendOutcome;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.database.OutboxTable;
import walnut.server.database.OutgoingObject;

/**
 * Writes and sends what leaves the node, on a thread of its own. Every step can be done again: what was decided is in the
 * database, objects are the same bytes when written again, and an archive that has an object already says so. So a
 * process that dies anywhere sends everything at least once and queues nothing twice.
 */
public final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final long IDLE_MILLIS = 200;
    private static final int AT_ONCE = 100;
    /** For a whole association; the peer's single answers have their own limit. */
    private static final long SEND_MINUTES = 10;

    private final OutboxTable table;
    private final ResultSource results;
    private final ResultFolder folder;
    private final DimseClient client;
    private final Map<String, Destination> destinations;
    private final OutboxListener listener;
    private final Clock clock;
    private final RetryPolicy retries = RetryPolicy.standard();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::work, "outbox");

    /** @param destinations by the name under which an operator knows them */
    public Outbox(
            OutboxTable table,
            ResultSource results,
            Path folder,
            DimseClient client,
            Map<String, Destination> destinations,
            OutboxListener listener,
            Clock clock) {
        this.table = table;
        this.results = results;
        this.folder = new ResultFolder(folder);
        this.client = client;
        this.destinations = new LinkedHashMap<>(destinations);
        this.listener = listener;
        this.clock = clock;
    }

    public void start() {
        thread.start();
    }

    private void work() {
        try {
            do {
                boolean busy = true;
                while (busy && stop.getCount() > 0) {
                    busy = decideSome() | sendSome();
                }
            } while (!stop.await(IDLE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether anything was decided. */
    private boolean decideSome() {
        try {
            List<String> undecided = table.undecided(AT_ONCE);
            undecided.forEach(this::decide);
            return !undecided.isEmpty();
        } catch (RuntimeException e) {
            LOG.error("what leaves cannot be decided; trying again", e);
            return false;
        }
    }

    private void decide(String predictionId) {
        Instant now = clock.instant();
        if (!results.inIntendedUse(predictionId)) {
            table.decide(predictionId, OutboxTable.Verdict.OUT_OF_INTENDED_USE, List.of(), now);
            return;
        }
        if (destinations.isEmpty()) {
            table.decide(predictionId, OutboxTable.Verdict.NO_DESTINATION, List.of(), now);
            return;
        }
        List<DataSet> objects;
        try {
            objects = results.objects(predictionId);
        } catch (WalnutException e) {
            if (e.code() != FailureCode.INPUT_GONE) {
                throw e;
            }
            table.decide(predictionId, OutboxTable.Verdict.INPUT_GONE, List.of(), now);
            return;
        }
        List<String> files = folder.write(predictionId, objects);
        List<OutgoingObject> outgoing = new ArrayList<>();
        for (String destination : destinations.keySet()) {
            for (int position = 0; position < objects.size(); position++) {
                outgoing.add(new OutgoingObject(
                        destination,
                        objects.get(position).string(Tag.SOPInstanceUID).orElseThrow(),
                        predictionId,
                        position,
                        files.get(position),
                        OutgoingObject.State.PENDING,
                        0,
                        now,
                        null,
                        now,
                        now));
            }
        }
        table.decide(predictionId, OutboxTable.Verdict.QUEUED, outgoing, now);
    }

    /** Returns whether anything was delivered, so that what waits behind it goes on at once. */
    private boolean sendSome() {
        boolean delivered = false;
        for (Map.Entry<String, Destination> destination : destinations.entrySet()) {
            try {
                List<OutgoingObject> due = table.due(destination.getKey(), clock.instant(), AT_ONCE);
                if (!due.isEmpty()) {
                    delivered |= send(destination.getValue(), due);
                }
            } catch (RuntimeException e) {
                LOG.error("the outbox to {} cannot be worked on; trying again", destination.getKey(), e);
            }
        }
        return delivered;
    }

    private boolean send(Destination destination, List<OutgoingObject> due) {
        Map<Path, OutgoingObject> byFile = due.stream()
                .collect(Collectors.toMap(
                        object -> folder.path(object.file()),
                        Function.identity(),
                        (first, same) -> first,
                        LinkedHashMap::new));
        List<Path> files = List.copyOf(byFile.keySet());
        List<SendOutcome> outcomes = outcomes(destination, files);
        boolean delivered = false;
        for (int index = 0; index < files.size(); index++) {
            OutgoingObject object =
                    Optional.ofNullable(byFile.get(files.get(index))).orElseThrow();
            delivered |= note(object, outcomes.get(index));
        }
        return delivered;
    }

    /** One outcome a file; where no association came about, the same reason for each. */
    private List<SendOutcome> outcomes(Destination destination, List<Path> files) {
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
        } else {
            Optional<Instant> again = retries.next(object, outcome, now);
            state = again.isPresent() ? OutgoingObject.State.PENDING : OutgoingObject.State.PARKED;
            next = again.orElse(now);
            LOG.warn("prediction {} to {}: {} ({})", object.predictionId(), object.destination(), state, answer);
        }
        table.attempted(object, state, next, answer, now);
        listener.attempted(object.destination(), state, Duration.between(object.createdAt(), now));
        return outcome.delivered();
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(SEND_MINUTES, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WalnutException foreseen) {
                throw foreseen;
            }
            throw new WalnutException(FailureCode.INTERNAL_ERROR, "sending failed unforeseen", e);
        } catch (TimeoutException e) {
            throw new WalnutException(FailureCode.PEER_TIMEOUT, "the destination did not finish in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WalnutException(FailureCode.PEER_TIMEOUT, "interrupted while sending", e);
        }
    }

    /** Lets the association at hand end, then stops. */
    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
