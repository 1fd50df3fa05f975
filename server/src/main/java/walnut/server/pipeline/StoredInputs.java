package walnut.server.pipeline;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.series.Study;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.api.PredictionDocument;
import walnut.server.context.ContextStore;
import walnut.server.database.CaseTable;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.StoredPrediction;
import walnut.store.StoredInstance;

/** The very instances that a prediction was made from, found by their digests; later ones of the study are left out. */
public final class StoredInputs {
    private final CaseTable cases;
    private final DatabaseInstanceIndex instances;
    private final ContextStore contexts;
    private final Function<StoredInstance, Path> pathOf;

    public StoredInputs(
            CaseTable cases,
            DatabaseInstanceIndex instances,
            ContextStore contexts,
            Function<StoredInstance, Path> pathOf) {
        this.cases = cases;
        this.instances = instances;
        this.contexts = contexts;
        this.pathOf = pathOf;
    }

    /** @throws WalnutException INPUT_GONE where one of them is no longer stored */
    List<StoredInstance> instances(StoredPrediction stored, PredictionDocument document) {
        String studyInstanceUid = cases.find(stored.caseId())
                .orElseThrow(() -> new WalnutException(FailureCode.NOT_FOUND, "the case of this prediction is gone"))
                .studyInstanceUid();
        PredictionDocument.Digests digests = document.digests();
        List<String> wanted = digests == null ? List.of() : digests.inputs();
        Map<String, StoredInstance> byDigest = instances.keptOfStudy(studyInstanceUid).stream()
                .collect(Collectors.toMap(StoredInstance::datasetSha256, Function.identity(), (first, same) -> first));
        List<StoredInstance> found = wanted.stream()
                .map(byDigest::get)
                .filter(instance -> instance != null && Files.exists(pathOf.apply(instance)))
                .sorted(Comparator.comparing(StoredInstance::datasetSha256))
                .toList();
        if (wanted.isEmpty() || found.size() < wanted.size()) {
            throw new WalnutException(
                    FailureCode.INPUT_GONE,
                    "of the " + wanted.size() + " images this prediction was made from, " + found.size()
                            + " are still stored");
        }
        return found;
    }

    /** @throws WalnutException INPUT_GONE where one of the instances is no longer stored */
    CaseInput of(StoredPrediction stored, PredictionDocument document) {
        return of(stored, document, instances(stored, document));
    }

    /** @param instances that the prediction was made from */
    CaseInput of(StoredPrediction stored, PredictionDocument document, List<StoredInstance> instances) {
        List<CaseInput.Instance> found = instances.stream()
                .map(instance -> new CaseInput.Instance(pathOf.apply(instance), instance.datasetSha256()))
                .toList();
        Study study = Study.of(found.stream().map(CaseInput.Instance::file).toList());
        return new CaseInput(stored.caseId(), study, found, List.of(), List.of())
                .withContext(context(stored, document));
    }

    /** The version that held then, not the one that holds now. */
    private @Nullable ClinicalContextRecord context(StoredPrediction stored, PredictionDocument document) {
        PredictionDocument.Context then = document.clinicalContext();
        return then == null
                ? null
                : contexts.ofCase(stored.caseId()).stream()
                        .filter(version -> version.version() == then.version())
                        .findFirst()
                        .orElse(null);
    }
}
