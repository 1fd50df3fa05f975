package walnut.server.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import walnut.prostate.series.Study;
import walnut.volume.Lps;

/** Makes the corridor's input of a study that lies in a folder and is not stored here. */
public final class FolderInput {
    /** Files to one piece of work: enough that handing it over costs nothing, few enough that two threads end together. */
    private static final int FILES_AT_ONCE = 16;

    private FolderInput() {}

    /** Begins to digest the study's files; whoever asks for the digests waits for the last of them. */
    public static CaseInput of(Study study, List<Lps> points) {
        List<Path> files = study.series().stream()
                .flatMap(series -> series.frames().stream())
                .map(frame -> frame.pixels().file())
                .distinct()
                .toList();
        List<Supplier<List<CaseInput.Instance>>> pieces = new ArrayList<>();
        for (int from = 0; from < files.size(); from += FILES_AT_ONCE) {
            List<Path> some = files.subList(from, Math.min(files.size(), from + FILES_AT_ONCE));
            pieces.add(DigestPool.begin(
                    () -> some.stream().map(FolderInput::instance).toList()));
        }
        return new CaseInput(null, study, () -> all(pieces), List.of(), points);
    }

    private static List<CaseInput.Instance> all(List<Supplier<List<CaseInput.Instance>>> pieces) {
        return pieces.stream()
                .flatMap(piece -> piece.get().stream())
                .sorted(Comparator.comparing(CaseInput.Instance::datasetSha256))
                .toList();
    }

    private static CaseInput.Instance instance(Path file) {
        return new CaseInput.Instance(file, DatasetDigest.of(file));
    }
}
