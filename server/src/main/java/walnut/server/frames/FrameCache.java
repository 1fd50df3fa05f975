package walnut.server.frames;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The last few cases somebody looked at, ready to draw: a reader scrolls through one case at a time, and reading its
 * volumes again for each picture would cost more than drawing it. A case is read once however many ask at the same time,
 * and read again when its revision has changed.
 *
 * <p>Blocks while a case is read. Any thread; the lock guards only the map, never a read.
 */
public final class FrameCache {
    /** A case holds some 30 MB of voxels. */
    private static final int CAPACITY = 4;

    private final PaneSource source;
    private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    public FrameCache(PaneSource source) {
        this.source = source;
    }

    /** Empty for an unknown case, or one without a T2W. */
    public Optional<CaseFrames> frames(String caseId) {
        Optional<String> revision = source.revision(caseId);
        if (revision.isEmpty()) {
            return Optional.empty();
        }
        CompletableFuture<Optional<CaseFrames>> mine = new CompletableFuture<>();
        Entry entry = claim(caseId, new Entry(revision.get(), mine));
        if (entry.frames() == mine) {
            read(caseId, entry);
        }
        try {
            return entry.frames().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** The entry that stands for this revision: the one already there, or the one given. */
    private Entry claim(String caseId, Entry candidate) {
        synchronized (entries) {
            Entry present = entries.get(caseId);
            if (present != null && present.revision().equals(candidate.revision())) {
                return present;
            }
            entries.put(caseId, candidate);
            if (entries.size() > CAPACITY) {
                entries.remove(entries.keySet().iterator().next());
            }
            return candidate;
        }
    }

    private void read(String caseId, Entry entry) {
        try {
            Optional<CasePanes> panes = source.panes(caseId);
            entry.frames().complete(panes.flatMap(CaseFrames::of));
        } catch (RuntimeException | Error failure) {
            // The next one who asks tries again.
            synchronized (entries) {
                entries.remove(caseId, entry);
            }
            entry.frames().completeExceptionally(failure);
        }
    }

    private record Entry(String revision, CompletableFuture<Optional<CaseFrames>> frames) {}
}
