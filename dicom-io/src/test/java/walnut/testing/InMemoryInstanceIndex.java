package walnut.testing;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.Committed;
import walnut.store.ContentComparison;
import walnut.store.Disposition;
import walnut.store.InstanceChange;
import walnut.store.InstanceChange.Kind;
import walnut.store.InstanceIndex;
import walnut.store.Likeness;
import walnut.store.StoredInstance;

/** An index that keeps its rows in memory; small, and held to the same contract as the real one. */
public class InMemoryInstanceIndex implements InstanceIndex {
    private final Map<String, StoredInstance> byFile = new TreeMap<>();
    /** File of a superseded row to the digest that took its place. */
    private final Map<String, String> supersededBy = new HashMap<>();

    private final List<InstanceChange> changes = new ArrayList<>();

    /** How one instance was judged; {@code earlier} is the row it was judged against, itself where there was none. */
    public record Judged(Committed outcome, StoredInstance earlier) {}

    /** Another index with the same rows. */
    public final synchronized InMemoryInstanceIndex copy() {
        InMemoryInstanceIndex copy = new InMemoryInstanceIndex();
        copy.byFile.putAll(byFile);
        copy.supersededBy.putAll(supersededBy);
        copy.changes.addAll(changes);
        return copy;
    }

    @Override
    public synchronized List<Committed> commit(List<StoredInstance> group, ContentComparison contents) {
        return judgeAndAdd(group, contents).stream().map(Judged::outcome).toList();
    }

    /** A memory knows no disk: what was committed is as safe as it will be. */
    @Override
    public void sync() {}

    /** None of the group is added when the comparison throws. */
    public final synchronized List<Judged> judgeAndAdd(List<StoredInstance> group, ContentComparison contents) {
        List<Judged> added = new ArrayList<>();
        try {
            for (StoredInstance instance : group) {
                Judged judged = judge(instance, contents);
                add(judged);
                added.add(judged);
            }
            return added;
        } catch (RuntimeException e) {
            deleteRows(added.stream()
                    .filter(judged -> judged.outcome().disposition() != Disposition.RESEND)
                    .map(judged -> judged.outcome().instance())
                    .toList());
            throw e;
        }
    }

    private Judged judge(StoredInstance instance, ContentComparison contents) {
        List<StoredInstance> known = find(instance.sopInstanceUid());
        Optional<StoredInstance> sameBytes = known.stream()
                .filter(earlier -> earlier.datasetSha256().equals(instance.datasetSha256()))
                .findFirst();
        if (sameBytes.isPresent()) {
            return new Judged(new Committed(Disposition.RESEND, sameBytes.get()), sameBytes.get());
        }
        List<StoredInstance> standing = standing(instance.sopInstanceUid());
        Optional<StoredInstance> samePixels = Optional.empty();
        for (StoredInstance earlier : known) {
            Likeness likeness = contents.compare(earlier, instance);
            if (likeness == Likeness.SAME_DATA_SET) {
                return new Judged(new Committed(Disposition.RESEND, earlier), earlier);
            }
            if (likeness == Likeness.SAME_PIXELS && standing.contains(earlier)) {
                samePixels = Optional.of(earlier);
            }
        }
        if (samePixels.isPresent()) {
            return new Judged(new Committed(Disposition.ATTRIBUTE_UPDATE, instance), samePixels.get());
        }
        return standing.isEmpty()
                ? new Judged(new Committed(Disposition.NEW, instance), instance)
                : new Judged(new Committed(Disposition.CONFLICT, instance), standing.get(standing.size() - 1));
    }

    /** Adds what was judged earlier, as it was judged then. */
    public final synchronized void add(Judged judged) {
        StoredInstance instance = judged.outcome().instance();
        String earlier = judged.earlier().datasetSha256();
        switch (judged.outcome().disposition()) {
            case RESEND:
                return;
            case NEW:
                byFile.put(instance.file(), instance);
                return;
            case ATTRIBUTE_UPDATE:
                byFile.put(instance.file(), instance);
                supersededBy.put(judged.earlier().file(), instance.datasetSha256());
                changes.add(change(Kind.ATTRIBUTE_UPDATE, instance, earlier));
                return;
            case CONFLICT:
                byFile.put(instance.file(), instance);
                changes.add(change(Kind.CONFLICT, instance, earlier));
                return;
        }
    }

    private static InstanceChange change(Kind kind, StoredInstance instance, String earlierSha256) {
        return new InstanceChange(
                instance.sopInstanceUid(),
                kind,
                instance.datasetSha256(),
                earlierSha256,
                instance.callingAeTitle(),
                "",
                instance.receivedAt());
    }

    @Override
    public synchronized List<StoredInstance> find(String sopInstanceUid) {
        return all().stream()
                .filter(instance -> instance.sopInstanceUid().equals(sopInstanceUid))
                .toList();
    }

    @Override
    public synchronized List<StoredInstance> standing(String sopInstanceUid) {
        return find(sopInstanceUid).stream()
                .filter(instance -> !supersededBy.containsKey(instance.file()))
                .toList();
    }

    @Override
    public synchronized List<InstanceChange> changes(String sopInstanceUid) {
        return changes.stream()
                .filter(change -> change.sopInstanceUid().equals(sopInstanceUid))
                .toList();
    }

    @Override
    public synchronized void choose(String sopInstanceUid, String datasetSha256, String operator, String reason) {
        List<StoredInstance> standing = standing(sopInstanceUid);
        if (standing.stream().noneMatch(one -> one.datasetSha256().equals(datasetSha256))) {
            throw new WalnutException(FailureCode.NOT_FOUND, "no such content stands under this SOP Instance UID");
        }
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Clock.systemUTC().instant());
        for (StoredInstance other : standing) {
            if (!other.datasetSha256().equals(datasetSha256)) {
                supersededBy.put(other.file(), datasetSha256);
                changes.add(new InstanceChange(
                        sopInstanceUid, Kind.CHOICE, datasetSha256, other.datasetSha256(), operator, reason, now));
            }
        }
    }

    @Override
    public void forEachSince(long since, Consumer<StoredInstance> action) {
        all().stream().filter(instance -> instance.receivedAt() >= since).forEach(action);
    }

    @Override
    public synchronized void delete(Collection<StoredInstance> instances) {
        deleteRows(instances);
    }

    private void deleteRows(Collection<StoredInstance> instances) {
        for (StoredInstance wanted : instances) {
            StoredInstance instance = byFile.remove(wanted.file());
            if (instance == null) {
                continue;
            }
            String itsSuccessor = supersededBy.remove(instance.file());
            for (StoredInstance other : find(instance.sopInstanceUid())) {
                if (instance.datasetSha256().equals(supersededBy.get(other.file()))) {
                    if (itsSuccessor == null) {
                        supersededBy.remove(other.file());
                    } else {
                        supersededBy.put(other.file(), itsSuccessor);
                    }
                }
            }
            changes.removeIf(change -> change.sopInstanceUid().equals(instance.sopInstanceUid())
                    && change.datasetSha256().equals(instance.datasetSha256()));
        }
    }

    /** All rows, oldest first. */
    public synchronized List<StoredInstance> all() {
        return byFile.values().stream()
                .sorted(Comparator.comparingLong(StoredInstance::receivedAt))
                .toList();
    }
}
