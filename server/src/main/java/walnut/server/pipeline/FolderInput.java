package walnut.server.pipeline;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import walnut.prostate.series.Reason;
import walnut.prostate.series.Study;
import walnut.volume.Lps;

/** Makes the corridor's input of a study that lies in a folder and is not stored here. */
public final class FolderInput {
    private FolderInput() {}

    public static CaseInput of(Study study, List<Lps> points) {
        List<CaseInput.Instance> instances = study.series().stream()
                .flatMap(series -> series.frames().stream())
                .map(frame -> frame.pixels().file())
                .distinct()
                .map(FolderInput::instance)
                .sorted(Comparator.comparing(CaseInput.Instance::datasetSha256))
                .toList();
        List<Reason> objections = List.of();
        return new CaseInput(null, study, instances, objections, points);
    }

    private static CaseInput.Instance instance(Path file) {
        return new CaseInput.Instance(file, DatasetDigest.of(file));
    }
}
