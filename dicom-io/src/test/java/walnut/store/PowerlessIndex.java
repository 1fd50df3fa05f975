package walnut.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import walnut.testing.InMemoryInstanceIndex;

/**
 * An index on the machine whose power goes, or whose disk is full: a commit happens whole or not at all, as a database's
 * does, and the power may go after it before anybody heard of it.
 */
final class PowerlessIndex implements InstanceIndex {
    private final UnreliableDisk machine;
    private final InMemoryInstanceIndex rows;

    PowerlessIndex(UnreliableDisk machine, InMemoryInstanceIndex rows) {
        this.machine = machine;
        this.rows = rows;
    }

    /** What is committed, which no power cut undoes. */
    InMemoryInstanceIndex survivor() {
        return rows;
    }

    @Override
    public List<Committed> commit(List<StoredInstance> group, ContentComparison contents) {
        takeRoom();
        List<Committed> outcomes = rows.commit(group, contents);
        operate();
        return outcomes;
    }

    @Override
    public List<StoredInstance> find(String sopInstanceUid) {
        return rows.find(sopInstanceUid);
    }

    @Override
    public List<StoredInstance> standing(String sopInstanceUid) {
        return rows.standing(sopInstanceUid);
    }

    @Override
    public List<InstanceChange> changes(String sopInstanceUid) {
        return rows.changes(sopInstanceUid);
    }

    @Override
    public void choose(String sopInstanceUid, String datasetSha256, String operator, String reason) {
        takeRoom();
        rows.choose(sopInstanceUid, datasetSha256, operator, reason);
    }

    @Override
    public void forEachSince(long since, Consumer<StoredInstance> action) {
        operate();
        rows.forEachSince(since, action);
    }

    @Override
    public void delete(Collection<StoredInstance> instances) {
        takeRoom();
        rows.delete(instances);
        operate();
    }

    private void operate() {
        try {
            machine.operate();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void takeRoom() {
        try {
            machine.takeRoom();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
