package walnut.server.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import walnut.prostate.series.Reason;
import walnut.prostate.series.Study;
import walnut.server.api.ClinicalContextRecord;
import walnut.volume.Lps;

/**
 * An assembled study on its way into the corridor.
 *
 * @param caseId our id for it; null where it was read from a folder and is not stored here
 * @param digested every file of the study with its digest
 * @param objections what speaks against the study before it is looked at: two patients, conflicting instances
 * @param points patient positions (LPS, mm) whose score is asked for
 * @param context what people entered about the patient; null while nobody did
 */
public record CaseInput(
        @Nullable String caseId,
        Study study,
        FileDigests digested,
        List<Reason> objections,
        List<Lps> points,
        @Nullable ClinicalContextRecord context) {

    public CaseInput {
        objections = List.copyOf(objections);
        points = List.copyOf(points);
    }

    /** A study whose files are digested already, and of whose patient nobody entered anything. */
    public CaseInput(
            @Nullable String caseId, Study study, List<Instance> instances, List<Reason> objections, List<Lps> points) {
        this(caseId, study, FileDigests.known(instances), objections, points, null);
    }

    public CaseInput withContext(@Nullable ClinicalContextRecord entered) {
        return new CaseInput(caseId, study, digested, objections, points, entered);
    }

    /**
     * @param datasetSha256 over the data set's bytes as received, without preamble and group 0002
     */
    public record Instance(Path file, String datasetSha256) {}

    List<String> instanceDigests() {
        return digested.get().stream().map(Instance::datasetSha256).toList();
    }

    /** Of everything that a prediction of this input rests on: its images and, where there is one, the context. */
    List<String> digests() {
        return digests(instanceDigests(), context);
    }

    static List<String> digests(List<String> instances, @Nullable ClinicalContextRecord context) {
        List<String> digests = new ArrayList<>(instances);
        if (context != null) {
            digests.add("context " + context.context().sha256());
        }
        return digests;
    }
}
