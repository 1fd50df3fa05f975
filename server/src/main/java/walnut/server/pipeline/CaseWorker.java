package walnut.server.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.dicom.data.Uid;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.series.Reason;
import walnut.prostate.series.Selection;
import walnut.prostate.series.Study;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.context.ContextStore;
import walnut.server.database.CaseTable;
import walnut.server.database.Claim;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.DeploymentState;
import walnut.server.database.Ids;
import walnut.server.database.PredictionKind;
import walnut.server.database.PredictionTable;
import walnut.server.database.StoredCase;
import walnut.server.database.StoredPrediction;
import walnut.server.journey.Step;
import walnut.server.journey.StepObserver;
import walnut.store.StoredInstance;

/**
 * Takes a claimed case through the corridor and stores its outcome. Every step can be done again: see {@link Step}.
 *
 * <p>A study is ready when the inputs a model declares are there and nothing came for the quiet time; with inputs
 * missing it waits until the cap, and is then answered with what is missing.
 *
 * <p>A failure that may pass is tried again, later and later, and stored as the case's outcome after the last attempt. A
 * disk that is full or a database that is away says nothing about the case: it waits, however long that lasts. A case
 * under which its process ended time and again is answered with WORKER_LOST, so that it cannot take the node down for
 * ever.
 *
 * <p>A case that is in the corridor when the model is stopped is stored as what the model is then, so nothing of it leaves.
 */
public final class CaseWorker {
    private static final Logger LOG = LoggerFactory.getLogger(CaseWorker.class);
    private static final Set<String> MR_IMAGES =
            Set.of(Uid.MRImageStorage, Uid.EnhancedMRImageStorage, Uid.LegacyConvertedEnhancedMRImageStorage);
    /** About the node, not about the case. */
    private static final Set<FailureCode> OUTAGES =
            EnumSet.of(FailureCode.STORAGE_FULL, FailureCode.DATABASE_UNAVAILABLE, FailureCode.BUSY);

    private static final Duration OUTAGE_PAUSE = Duration.ofMinutes(1);
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(10));

    private final CaseTable cases;
    private final DatabaseInstanceIndex instances;
    private final PredictionTable predictions;
    private final HeatmapFolder heatmaps;
    private final Function<StoredInstance, Path> pathOf;
    private final CasePipeline pipeline;
    private final ContextStore contexts;
    private final Supplier<DeploymentState> deployed;
    private final ReviewedCases reviewed;
    private final Limits limits;
    private final Clock clock;
    private final Ids ids;
    private final CaseListener listener;
    private final StepObserver steps;
    private final MemoryBudget memory;
    private final JsonMapper json = JsonMapper.builder().build();

    /**
     * @param cap how long a study that is not whole is waited for
     * @param attempts after which a case that keeps failing is answered with its failure
     */
    public record Limits(Duration cap, int attempts) {}

    public CaseWorker(
            CaseTable cases,
            DatabaseInstanceIndex instances,
            PredictionTable predictions,
            HeatmapFolder heatmaps,
            Function<StoredInstance, Path> pathOf,
            CasePipeline pipeline,
            ContextStore contexts,
            Supplier<DeploymentState> deployed,
            ReviewedCases reviewed,
            Limits limits,
            Clock clock,
            Ids ids,
            CaseListener listener,
            StepObserver steps) {
        this.cases = cases;
        this.instances = instances;
        this.predictions = predictions;
        this.heatmaps = heatmaps;
        this.pathOf = pathOf;
        this.pipeline = pipeline;
        this.contexts = contexts;
        this.deployed = deployed;
        this.reviewed = reviewed;
        this.limits = limits;
        this.clock = clock;
        this.ids = ids;
        this.listener = listener;
        this.steps = steps;
        this.memory = new MemoryBudget(pipeline.memoryBytes());
    }

    /** The longest honest wait of a case that was claimed: what is due later was written before the clock was set back. */
    static Duration longestWait(Duration cap) {
        Duration longestPause = PAUSES.get(PAUSES.size() - 1);
        return cap.compareTo(longestPause) > 0 ? cap : longestPause;
    }

    /** Several threads may work, each on a claim of its own. */
    void work(Claim claim) throws InterruptedException {
        steps.done(Step.CLAIMED, claim.caseId());
        StoredCase stored = claim.stored();
        List<StoredInstance> files = instances.ofStudy(stored.studyInstanceUid()).stream()
                .filter(CaseWorker::canBeInferredOn)
                .toList();
        if (claim.attempt() > limits.attempts()) {
            finishFailed(
                    claim,
                    files,
                    new WalnutException(
                            FailureCode.WORKER_LOST,
                            "the process that worked on this case ended " + limits.attempts()
                                    + " times; it is run again when an image comes or an operator asks for it"));
            return;
        }
        try {
            takeThroughCorridor(claim, files);
        } catch (OutOfMemoryError e) {
            fail(
                    claim,
                    files,
                    new WalnutException(
                            FailureCode.STUDY_TOO_LARGE,
                            "the memory of this node was not enough; give it more (-Xmx)",
                            e));
        } catch (WalnutException e) {
            fail(claim, files, e);
        } catch (RuntimeException e) {
            LOG.error("case {}: unforeseen failure", stored.caseId(), e);
            fail(claim, files, Failures.of(e));
        }
    }

    private void takeThroughCorridor(Claim claim, List<StoredInstance> files) throws InterruptedException {
        StoredCase stored = claim.stored();
        requireFiles(files);
        Study study = Study.of(files.stream().map(pathOf).toList());
        Headers.studyDate(study).ifPresent(date -> cases.dated(stored.caseId(), date));
        CaseInput input = new CaseInput(stored.caseId(), study, inputInstances(files), objections(stored), List.of())
                .withContext(contexts.newestOf(stored.caseId()).orElse(null));
        Selection selection = pipeline.select(study);
        steps.done(Step.ASSEMBLED, stored.caseId());
        if (!selection.complete() && input.objections().isEmpty()) {
            Instant now = clock.instant();
            Instant cap = stored.firstReceivedAt().isAfter(now)
                    ? now.plus(limits.cap())
                    : stored.firstReceivedAt().plus(limits.cap());
            if (now.isBefore(cap)) {
                cases.postpone(claim, cap, null);
                return;
            }
            if (stored.inputsRemovedAt() != null) {
                throw new WalnutException(
                        FailureCode.INPUT_GONE,
                        "earlier images of this study were removed by retention; send the whole study again");
            }
        }
        if (stored.inputsRemovedAt() != null) {
            cases.inputsAreBack(stored.caseId());
        }
        CaseOutcome outcome;
        try (MemoryBudget.Share share = memory.take(CasePipeline.memoryFor(selection))) {
            outcome = pipeline.run(input, selection);
        }
        steps.done(Step.PREDICTED, stored.caseId());
        if (outcome instanceof CaseOutcome.Failed failed && isTriedAgain(claim, failed.code())) {
            LOG.warn("case {}: {}, attempt {}", stored.caseId(), failed.code(), claim.attempt());
            return;
        }
        store(claim, input.digests(), outcome);
    }

    /** A study whose files went is no study with a missing series. */
    private void requireFiles(List<StoredInstance> files) {
        long gone = files.stream()
                .filter(instance -> !Files.exists(pathOf.apply(instance)))
                .count();
        if (gone > 0) {
            throw new WalnutException(
                    FailureCode.INPUT_GONE,
                    "of the " + files.size() + " images of this study, " + gone + " are not stored any more");
        }
    }

    private void fail(Claim claim, List<StoredInstance> files, WalnutException failure) {
        LOG.warn("case {}: {} {}, attempt {}", claim.caseId(), failure.code(), failure.getMessage(), claim.attempt());
        if (!isTriedAgain(claim, failure.code())) {
            finishFailed(claim, files, failure);
        }
    }

    /** Gives the case back where that makes sense; returns whether it did. */
    private boolean isTriedAgain(Claim claim, FailureCode code) {
        Instant now = clock.instant();
        if (OUTAGES.contains(code)) {
            cases.postpone(claim, now.plus(OUTAGE_PAUSE), code);
            return true;
        }
        if (!code.retryable() || claim.attempt() >= limits.attempts()) {
            return false;
        }
        cases.retry(claim, now.plus(PAUSES.get(Math.min(claim.attempt(), PAUSES.size()) - 1)), code);
        return true;
    }

    /**
     * Only MR images are inputs. Reports, segmentations and captures, our own among them, come back from an archive and
     * change nothing of what a model sees.
     */
    private static boolean canBeInferredOn(StoredInstance instance) {
        return MR_IMAGES.contains(instance.sopClassUid());
    }

    private void finishFailed(Claim claim, List<StoredInstance> files, WalnutException failure) {
        List<String> digests = digests(inputInstances(files));
        store(claim, digests, pipeline.failed(claim.caseId(), claim.stored().studyInstanceUid(), digests, failure));
    }

    private void store(Claim claim, List<String> inputDigests, CaseOutcome outcome) {
        String predictionId = ids.next();
        outcome.heatmapIfAny().ifPresent(heatmap -> heatmaps.write(predictionId, heatmap));
        steps.done(Step.HEATMAP_WRITTEN, claim.caseId());
        Optional<StoredPrediction> standing = predictions.finish(
                claim, prediction(predictionId, claim, inputDigests, outcome), reviewed.isReviewed(claim.caseId()));
        if (standing.filter(prediction -> prediction.predictionId().equals(predictionId))
                .isEmpty()) {
            heatmaps.delete(predictionId);
        }
        standing.ifPresent(prediction -> {
            steps.done(Step.PREDICTION_STORED, claim.caseId());
            listener.finished(claim.stored(), outcome, prediction);
        });
    }

    private StoredPrediction prediction(
            String predictionId, Claim claim, List<String> inputDigests, CaseOutcome outcome) {
        List<String> digested = new ArrayList<>(inputDigests);
        if (outcome instanceof CaseOutcome.Failed) {
            digested.add(predictionId);
        }
        return new StoredPrediction(
                predictionId,
                claim.caseId(),
                kindFor(deployed.get()),
                outcome.name(),
                pipeline.model().passport().id(),
                pipeline.model().passport().version(),
                pipeline.model().digest(),
                Digests.ofTexts(digested),
                pipeline.configDigest(),
                outcome.document().caseScore(),
                toJson(outcome),
                clock.instant());
    }

    /** As what a model in this state is stored. */
    public static PredictionKind kindFor(DeploymentState state) {
        return state == DeploymentState.ASSIST ? PredictionKind.CLINICAL : PredictionKind.SILENT;
    }

    /** The digest of what would be looked at now, as it stands in a prediction. */
    public static String inputDigest(List<StoredInstance> ofStudy, @Nullable ClinicalContextRecord context) {
        List<String> instances = ofStudy.stream()
                .filter(CaseWorker::canBeInferredOn)
                .map(StoredInstance::datasetSha256)
                .sorted()
                .toList();
        return Digests.ofTexts(CaseInput.digests(instances, context));
    }

    private String toJson(CaseOutcome outcome) {
        try {
            return json.writeValueAsString(outcome.document());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a prediction document is always JSON", e);
        }
    }

    private List<Reason> objections(StoredCase stored) {
        List<Reason> objections = new ArrayList<>();
        // A case whose images were all given to another patient by a correction has no say any more.
        long patients = cases.ofStudy(stored.studyInstanceUid()).stream()
                .filter(found -> found.instanceCount() > 0)
                .count();
        if (patients > 1) {
            objections.add(Reasons.of(
                    "PATIENT_CONFLICT",
                    "Images of more than one patient share this StudyInstanceUID; nothing is inferred"));
        }
        int conflicts = instances.conflictsOfStudy(stored.studyInstanceUid()).size();
        if (conflicts > 0) {
            objections.add(Reasons.of(
                    "SOP_INSTANCE_CONFLICT",
                    conflicts + " SOP Instance UIDs came with two different contents; an operator must choose"));
        }
        return objections;
    }

    private List<CaseInput.Instance> inputInstances(List<StoredInstance> files) {
        return files.stream()
                .map(instance -> new CaseInput.Instance(pathOf.apply(instance), instance.datasetSha256()))
                .sorted(Comparator.comparing(CaseInput.Instance::datasetSha256))
                .toList();
    }

    private static List<String> digests(List<CaseInput.Instance> instances) {
        return instances.stream().map(CaseInput.Instance::datasetSha256).toList();
    }
}
