package walnut.server.pipeline;

import java.nio.file.Path;
import java.util.List;
import walnut.prostate.series.Study;
import walnut.volume.Lps;

/** Makes the corridor's input of a study that lies in a folder and is not stored here. */
public final class FolderInput {
    private FolderInput() {}

    /** The study's files are digested while the corridor has them. */
    public static CaseInput of(Study study, List<Lps> points) {
        List<Path> files = study.series().stream()
                .flatMap(series -> series.frames().stream())
                .map(frame -> frame.pixels().file())
                .distinct()
                .toList();
        return new CaseInput(null, study, FileDigests.of(files), List.of(), points, null);
    }
}
