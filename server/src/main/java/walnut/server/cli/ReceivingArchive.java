package walnut.server.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import walnut.dicom.data.Uid;
import walnut.store.InstanceListener;
import walnut.store.StoredInstance;

/** The archive that the demo's results go to; notes how many came of each study, and when the first page did. */
final class ReceivingArchive implements AutoCloseable {
    private final Map<String, Long> firstCaptureAt = new ConcurrentHashMap<>();
    private final Map<String, Integer> objects = new ConcurrentHashMap<>();
    private final LoopbackArchive archive;

    ReceivingArchive(Path folder) {
        archive = new LoopbackArchive(folder, listener());
    }

    private InstanceListener listener() {
        return new InstanceListener() {
            @Override
            public void stored(StoredInstance instance) {
                objects.merge(instance.studyInstanceUid(), 1, Integer::sum);
                if (instance.sopClassUid().equals(Uid.SecondaryCaptureImageStorage)) {
                    firstCaptureAt.putIfAbsent(instance.studyInstanceUid(), System.nanoTime());
                }
            }
        };
    }

    /** As {@code dicom.destinations} takes it. */
    String asDestination() {
        return archive.asDestination();
    }

    int objectsOf(String studyInstanceUid) {
        return objects.getOrDefault(studyInstanceUid, 0);
    }

    /** {@link System#nanoTime()} when the first page of a study's result was stored. */
    OptionalLong firstCaptureAt(String studyInstanceUid) {
        Long at = firstCaptureAt.get(studyInstanceUid);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }

    @Override
    public void close() throws Exception {
        archive.close();
    }
}
