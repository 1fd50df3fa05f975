package walnut.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import walnut.store.UnreliableDisk.Survival;
import walnut.testing.InMemoryInstanceIndex;
import walnut.testing.InMemoryInstanceIndex.Judged;

/**
 * An index on the machine whose power goes, or whose disk is full: a commit happens whole or not at all, as a database's
 * does, and until it is synced a power cut may undo it, with those that came after it. The power may also go after a sync
 * before anybody heard of it.
 */
final class PowerlessIndex implements InstanceIndex {
    private final UnreliableDisk machine;
    private final InMemoryInstanceIndex rows;
    /** What no power cut undoes. */
    private final InMemoryInstanceIndex synced;
    /** The commits since, oldest first. */
    private final List<List<Judged>> unsynced = new ArrayList<>();

    /** @param rows what is committed and synced, and where the index keeps its rows */
    PowerlessIndex(UnreliableDisk machine, InMemoryInstanceIndex rows) {
        this.machine = machine;
        this.rows = rows;
        this.synced = rows.copy();
    }

    /** What this machine finds when it starts again from that disk. */
    synchronized PowerlessIndex afterPowerCut(UnreliableDisk found, Survival survival) {
        InMemoryInstanceIndex survivor = synced.copy();
        unsynced.subList(0, survival.choose(unsynced.size() + 1)).forEach(commit -> commit.forEach(survivor::add));
        return new PowerlessIndex(found, survivor);
    }

    List<StoredInstance> all() {
        return rows.all();
    }

    @Override
    public synchronized List<Committed> commit(List<StoredInstance> group, ContentComparison contents) {
        takeRoom();
        List<Judged> judged = rows.judgeAndAdd(group, contents);
        unsynced.add(judged);
        return judged.stream().map(Judged::outcome).toList();
    }

    @Override
    public synchronized void sync() {
        takeRoom();
        syncCommits();
        operate();
    }

    private void syncCommits() {
        unsynced.forEach(commit -> commit.forEach(synced::add));
        unsynced.clear();
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
    public synchronized void choose(String sopInstanceUid, String datasetSha256, String operator, String reason) {
        takeRoom();
        rows.choose(sopInstanceUid, datasetSha256, operator, reason);
        syncCommits();
        synced.choose(sopInstanceUid, datasetSha256, operator, reason);
    }

    @Override
    public void forEachSince(long since, Consumer<StoredInstance> action) {
        operate();
        rows.forEachSince(since, action);
    }

    @Override
    public synchronized void delete(Collection<StoredInstance> instances) {
        takeRoom();
        rows.delete(instances);
        syncCommits();
        synced.delete(instances);
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
