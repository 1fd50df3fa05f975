package walnut.server.outbox;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.net.scu.Destination;
import walnut.dicom.net.scu.DimseClient;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.database.Database;
import walnut.server.database.OutboxTable;
import walnut.server.database.OutboxTable.Undecided;
import walnut.server.database.OutgoingObject;
import walnut.server.journey.Bell;
import walnut.server.journey.Rounds;
import walnut.server.journey.Step;
import walnut.server.journey.StepObserver;

/**
 * Decides which predictions leave and writes their objects, on a thread of its own; a {@link Courier} for each destination
 * brings them there. Every step can be done again: what was decided is in the database, objects are the same bytes when
 * written again, and an archive that has an object already says so. So a process that dies anywhere sends everything at
 * least once and queues nothing twice.
 */
public final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final Duration TICK = Duration.ofSeconds(2);
    private static final int AT_ONCE = 100;
    /** After which a prediction whose objects cannot be written is left to an operator. */
    private static final int ATTEMPTS = 5;

    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final OutboxTable table;
    private final ResultSource results;
    private final ResultFolder folder;
    private final Set<String> destinations;
    private final List<Courier> couriers = new ArrayList<>();
    private final StepObserver steps;
    private final Clock clock;
    private final Map<String, Difficulty> difficult = new HashMap<>();
    private final Bell bell = new Bell();
    private final Rounds rounds = new Rounds("outbox", bell, this::decideSome, () -> TICK);

    private record Difficulty(int attempts, Instant nextAttemptAt) {}

    /**
     * @param destinations by the name under which an operator knows them
     * @param holder unique to this process
     */
    public Outbox(
            OutboxTable table,
            ResultSource results,
            Path folder,
            DimseClient client,
            Map<String, Destination> destinations,
            String holder,
            OutboxListener listener,
            StepObserver steps,
            Clock clock) {
        this.table = table;
        this.results = results;
        this.folder = new ResultFolder(folder);
        this.destinations = destinations.keySet();
        this.steps = steps;
        this.clock = clock;
        destinations.forEach((name, destination) -> couriers.add(
                new Courier(name, destination, holder, table, results, this.folder, client, listener, steps, clock)));
    }

    /** @param alone whether no other process works on this database: then every claim is a dead process's */
    public void start(boolean alone) {
        if (alone) {
            table.releaseAll();
        }
        rounds.start();
        couriers.forEach(Courier::start);
    }

    /** A prediction was stored, or an operator wants something sent. */
    public void wake() {
        bell.ring();
        couriers.forEach(Courier::wake);
    }

    /** Returns whether anything was decided. */
    private boolean decideSome() {
        boolean decided = false;
        for (Undecided undecided : table.undecided(AT_ONCE)) {
            decided |= decide(undecided);
        }
        return decided;
    }

    /** One prediction that gives trouble keeps no other from leaving. */
    private boolean decide(Undecided undecided) {
        String predictionId = undecided.predictionId();
        Difficulty before = difficult.getOrDefault(predictionId, new Difficulty(0, Instant.MIN));
        Instant now = clock.instant();
        boolean resting =
                now.isBefore(before.nextAttemptAt()) && !before.nextAttemptAt().isAfter(now.plus(PAUSE));
        if (resting) {
            return false;
        }
        try {
            decide(predictionId, undecided.afterReview(), now);
            difficult.remove(predictionId);
            return true;
        } catch (RuntimeException e) {
            return putOff(predictionId, before.attempts() + 1, now, e);
        }
    }

    private boolean putOff(String predictionId, int attempts, Instant now, RuntimeException failure) {
        boolean outage = isOutage(failure);
        if (outage) {
            LOG.warn("the objects of prediction {} wait: {}", predictionId, failure.toString());
        } else {
            LOG.error("the objects of prediction {} cannot be written, attempt {}", predictionId, attempts, failure);
        }
        if (attempts < ATTEMPTS || outage) {
            difficult.put(predictionId, new Difficulty(outage ? 0 : attempts, now.plus(PAUSE)));
            return false;
        }
        difficult.remove(predictionId);
        table.decide(predictionId, OutboxTable.Verdict.NOT_WRITABLE, List.of(), now);
        return true;
    }

    /** Says nothing of the prediction: its objects are written when there is room, or a database, again. */
    private static boolean isOutage(RuntimeException failure) {
        return failure instanceof WalnutException foreseen
                ? foreseen.code() == FailureCode.STORAGE_FULL
                : Database.failureOfTable(failure).isPresent();
    }

    private void decide(String predictionId, boolean afterReview, Instant now) {
        if (!results.inIntendedUse(predictionId)) {
            table.decide(predictionId, OutboxTable.Verdict.OUT_OF_INTENDED_USE, List.of(), now);
            return;
        }
        if (afterReview) {
            table.decide(predictionId, OutboxTable.Verdict.AFTER_REVIEW, List.of(), now);
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
        steps.done(Step.OBJECTS_WRITTEN, predictionId);
        table.decide(predictionId, OutboxTable.Verdict.QUEUED, outgoing(predictionId, objects, files, now), now);
        steps.done(Step.QUEUED, predictionId);
        couriers.forEach(Courier::wake);
    }

    private List<OutgoingObject> outgoing(String predictionId, List<DataSet> objects, List<String> files, Instant now) {
        List<OutgoingObject> outgoing = new ArrayList<>();
        for (String destination : destinations) {
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
        return outgoing;
    }

    /** Lets the associations at hand end, then stops. */
    @Override
    public void close() {
        rounds.close();
        couriers.forEach(Courier::close);
    }
}
