package walnut.server.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * The digests of a study's files, by ascending digest: known already, or computed beside other work from the moment that
 * somebody says so. Digesting reads every file whole, so it is begun when the processors have least to do.
 */
final class FileDigests {
    /** Files to one piece of work: enough that handing it over costs nothing, few enough that two threads end together. */
    private static final int FILES_AT_ONCE = 16;

    private final List<Path> files;
    private final List<Supplier<List<CaseInput.Instance>>> pieces = new ArrayList<>();
    private boolean begun;

    private FileDigests(List<Path> files) {
        this.files = List.copyOf(files);
    }

    static FileDigests known(List<CaseInput.Instance> instances) {
        FileDigests known = new FileDigests(List.of());
        List<CaseInput.Instance> copy = List.copyOf(instances);
        known.pieces.add(() -> copy);
        return known;
    }

    static FileDigests of(List<Path> files) {
        return new FileDigests(files);
    }

    /** Begins, if nobody has yet; does not wait. */
    synchronized void begin() {
        if (!begun) {
            begun = true;
            for (int from = 0; from < files.size(); from += FILES_AT_ONCE) {
                List<Path> some = files.subList(from, Math.min(files.size(), from + FILES_AT_ONCE));
                pieces.add(DigestPool.begin(
                        () -> some.stream().map(FileDigests::instance).toList()));
            }
        }
    }

    /** All of them; waits for the last. */
    synchronized List<CaseInput.Instance> get() {
        begin();
        return pieces.stream()
                .flatMap(piece -> piece.get().stream())
                .sorted(Comparator.comparing(CaseInput.Instance::datasetSha256))
                .toList();
    }

    private static CaseInput.Instance instance(Path file) {
        return new CaseInput.Instance(file, DatasetDigest.of(file));
    }
}
