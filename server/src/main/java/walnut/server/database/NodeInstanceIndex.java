package walnut.server.database;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import walnut.store.Committed;
import walnut.store.ContentComparison;
import walnut.store.InstanceChange;
import walnut.store.InstanceIndex;
import walnut.store.StoredInstance;

/**
 * The index as the store of one of several nodes sees it. Rows name files from the data directory that the nodes share;
 * the store names them from the folder that is its own, where it alone settles what a crash left behind.
 */
public final class NodeInstanceIndex implements InstanceIndex {
    private final InstanceIndex shared;
    private final Path own;

    /** @param own the node's folder, from the data directory */
    public NodeInstanceIndex(InstanceIndex shared, Path own) {
        this.shared = shared;
        this.own = own;
    }

    private StoredInstance fromRoot(StoredInstance instance) {
        return withFile(instance, file -> own.resolve(file).normalize().toString());
    }

    private StoredInstance fromOwn(StoredInstance instance) {
        return withFile(instance, file -> own.relativize(Path.of(file)).toString());
    }

    private static StoredInstance withFile(StoredInstance instance, UnaryOperator<String> named) {
        return new StoredInstance(
                instance.sopInstanceUid(),
                instance.sopClassUid(),
                instance.seriesInstanceUid(),
                instance.studyInstanceUid(),
                instance.transferSyntaxUid(),
                instance.patientId(),
                instance.issuerOfPatientId(),
                named.apply(instance.file()),
                instance.size(),
                instance.datasetSha256(),
                instance.receivedAt(),
                instance.callingAeTitle());
    }

    @Override
    public List<Committed> commit(List<StoredInstance> group, ContentComparison contents) {
        return shared
                .commit(
                        group.stream().map(this::fromRoot).toList(),
                        (earlier, arrived) -> contents.compare(fromOwn(earlier), fromOwn(arrived)))
                .stream()
                .map(committed -> new Committed(committed.disposition(), fromOwn(committed.instance())))
                .toList();
    }

    @Override
    public void sync() {
        shared.sync();
    }

    @Override
    public List<StoredInstance> find(String sopInstanceUid) {
        return shared.find(sopInstanceUid).stream().map(this::fromOwn).toList();
    }

    @Override
    public List<StoredInstance> standing(String sopInstanceUid) {
        return shared.standing(sopInstanceUid).stream().map(this::fromOwn).toList();
    }

    @Override
    public List<InstanceChange> changes(String sopInstanceUid) {
        return shared.changes(sopInstanceUid);
    }

    @Override
    public void choose(String sopInstanceUid, String datasetSha256, String operator, String reason) {
        shared.choose(sopInstanceUid, datasetSha256, operator, reason);
    }

    /** Of this node's own files alone: the others' are settled by their own nodes. */
    @Override
    public void forEachSince(long since, Consumer<StoredInstance> action) {
        shared.forEachSince(since, instance -> {
            if (Path.of(instance.file()).startsWith(own)) {
                action.accept(fromOwn(instance));
            }
        });
    }

    @Override
    public void delete(Collection<StoredInstance> instances) {
        shared.delete(instances.stream().map(this::fromRoot).toList());
    }
}
