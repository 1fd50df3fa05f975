package walnut.testing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import walnut.store.Committed;
import walnut.store.Disposition;
import walnut.store.InstanceIndex;
import walnut.store.StoredInstance;

/** An index that keeps its rows in memory; small, and held to the same contract as the real one. */
public class InMemoryInstanceIndex implements InstanceIndex {
    private final Map<String, StoredInstance> byFile = new TreeMap<>();

    @Override
    public synchronized List<Committed> commit(List<StoredInstance> group) {
        List<Committed> outcomes = new ArrayList<>();
        for (StoredInstance instance : group) {
            List<StoredInstance> same = find(instance.sopInstanceUid());
            Optional<StoredInstance> resent = same.stream()
                    .filter(earlier -> earlier.datasetSha256().equals(instance.datasetSha256()))
                    .findFirst();
            if (resent.isPresent()) {
                outcomes.add(new Committed(Disposition.RESEND, resent.get()));
                continue;
            }
            byFile.put(instance.file(), instance);
            outcomes.add(new Committed(same.isEmpty() ? Disposition.NEW : Disposition.CONFLICT, instance));
        }
        return outcomes;
    }

    @Override
    public synchronized List<StoredInstance> find(String sopInstanceUid) {
        return all().stream()
                .filter(instance -> instance.sopInstanceUid().equals(sopInstanceUid))
                .toList();
    }

    @Override
    public void forEachSince(long since, Consumer<StoredInstance> action) {
        all().stream().filter(instance -> instance.receivedAt() >= since).forEach(action);
    }

    @Override
    public synchronized void delete(Collection<StoredInstance> instances) {
        byFile.keySet().removeAll(instances.stream().map(StoredInstance::file).collect(Collectors.toSet()));
    }

    /** All rows, oldest first. */
    public synchronized List<StoredInstance> all() {
        return byFile.values().stream()
                .sorted(Comparator.comparingLong(StoredInstance::receivedAt))
                .toList();
    }
}
