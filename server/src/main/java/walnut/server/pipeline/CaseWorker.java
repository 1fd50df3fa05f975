package walnut.server.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.dicom.data.Uid;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.series.Reason;
import walnut.prostate.series.Selection;
import walnut.prostate.series.Study;
import walnut.server.config.WalnutConfig.AssemblyConfig;
import walnut.server.context.ContextStore;
import walnut.server.database.CaseTable;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.server.database.DeploymentState;
import walnut.server.database.Ids;
import walnut.server.database.PredictionKind;
import walnut.server.database.PredictionTable;
import walnut.server.database.StoredCase;
import walnut.server.database.StoredPrediction;
import walnut.store.StoredInstance;

/**
 * Takes cases that are due through the corridor, one after the other, on a thread of its own: model runs use the cores
 * themselves. What it works on stays claimed in the database, so a process that dies loses no case: at the next start
 * every claimed case is due again, and an outcome that was stored already is not stored twice.
 *
 * <p>A stopped model takes no case; those that are due wait until it is let go. A case that is in the corridor when the
 * stop comes is stored as what the model is then, so nothing of it leaves.
 *
 * <p>A study is ready when the inputs a model declares are there and nothing came for the quiet time; with inputs
 * missing it waits until the cap, and is then answered with what is missing.
 */
public final class CaseWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CaseWorker.class);
    private static final long IDLE_MILLIS = 100;
    private static final Set<String> MR_IMAGES =
            Set.of(Uid.MRImageStorage, Uid.EnhancedMRImageStorage, Uid.LegacyConvertedEnhancedMRImageStorage);

    private final CaseTable cases;
    private final DatabaseInstanceIndex instances;
    private final PredictionTable predictions;
    private final HeatmapFolder heatmaps;
    private final Function<StoredInstance, Path> pathOf;
    private final CasePipeline pipeline;
    private final ContextStore contexts;
    private final Supplier<DeploymentState> deployed;
    private final AssemblyConfig assembly;
    private final Clock clock;
    private final Ids ids;
    private final CaseListener listener;
    private final JsonMapper json = JsonMapper.builder().build();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::work, "case-worker");

    public CaseWorker(
            CaseTable cases,
            DatabaseInstanceIndex instances,
            PredictionTable predictions,
            HeatmapFolder heatmaps,
            Function<StoredInstance, Path> pathOf,
            CasePipeline pipeline,
            ContextStore contexts,
            Supplier<DeploymentState> deployed,
            AssemblyConfig assembly,
            Clock clock,
            Ids ids,
            CaseListener listener) {
        this.cases = cases;
        this.instances = instances;
        this.predictions = predictions;
        this.heatmaps = heatmaps;
        this.pathOf = pathOf;
        this.pipeline = pipeline;
        this.contexts = contexts;
        this.deployed = deployed;
        this.assembly = assembly;
        this.clock = clock;
        this.ids = ids;
        this.listener = listener;
    }

    /** Makes due what a former process left claimed, then begins. */
    public void start() {
        int released = cases.releaseAll();
        if (released > 0) {
            LOG.info("{} cases were being worked on when the last process ended; they are due again", released);
        }
        thread.start();
    }

    private void work() {
        try {
            do {
                while (stop.getCount() > 0 && workOnOne()) {
                    // The next case is due already.
                }
            } while (!stop.await(IDLE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns false when nothing was due, the model is stopped, or the database could not say. */
    private boolean workOnOne() {
        try {
            if (deployed.get() == DeploymentState.STOPPED) {
                return false;
            }
            Optional<StoredCase> due = cases.claimDue();
            due.ifPresent(this::takeThroughCorridor);
            return due.isPresent();
        } catch (RuntimeException e) {
            LOG.error("the case queue cannot be worked on; trying again", e);
            return false;
        }
    }

    private void takeThroughCorridor(StoredCase stored) {
        List<StoredInstance> files = instances.ofStudy(stored.studyInstanceUid()).stream()
                .filter(CaseWorker::canBeInferredOn)
                .toList();
        try {
            Study study = Study.of(files.stream().map(pathOf).toList());
            Headers.studyDate(study).ifPresent(date -> cases.dated(stored.caseId(), date));
            CaseInput input = new CaseInput(
                            stored.caseId(), study, inputInstances(files), objections(stored), List.of())
                    .withContext(contexts.newestOf(stored.caseId()).orElse(null));
            Selection selection = pipeline.select(study);
            Instant cap = stored.firstReceivedAt().plus(assembly.cap());
            if (!selection.complete()
                    && input.objections().isEmpty()
                    && clock.instant().isBefore(cap)) {
                cases.postpone(stored.caseId(), cap);
                return;
            }
            finish(stored, input, pipeline.run(input, selection));
        } catch (WalnutException e) {
            LOG.warn("case {}: {} {}", stored.caseId(), e.code(), e.getMessage());
            finishFailed(stored, files, e);
        } catch (RuntimeException e) {
            LOG.error("case {}: unforeseen failure", stored.caseId(), e);
            finishFailed(
                    stored,
                    files,
                    new WalnutException(FailureCode.INTERNAL_ERROR, "unforeseen failure, see the log of this node", e));
        }
    }

    /**
     * Only MR images are inputs. Reports, segmentations and captures, our own among them, come back from an archive and
     * change nothing of what a model sees.
     */
    private static boolean canBeInferredOn(StoredInstance instance) {
        return MR_IMAGES.contains(instance.sopClassUid());
    }

    private void finishFailed(StoredCase stored, List<StoredInstance> files, WalnutException failure) {
        CaseOutcome outcome =
                pipeline.failed(stored.caseId(), stored.studyInstanceUid(), digests(inputInstances(files)), failure);
        store(stored, digests(inputInstances(files)), outcome);
    }

    private void finish(StoredCase stored, CaseInput input, CaseOutcome outcome) {
        store(stored, input.digests(), outcome);
    }

    private void store(StoredCase stored, List<String> inputDigests, CaseOutcome outcome) {
        String predictionId = ids.next();
        outcome.heatmapIfAny().ifPresent(heatmap -> heatmaps.write(predictionId, heatmap));
        StoredPrediction prediction = predictions.finish(new StoredPrediction(
                predictionId,
                stored.caseId(),
                deployed.get() == DeploymentState.ASSIST ? PredictionKind.CLINICAL : PredictionKind.SILENT,
                outcome.name(),
                pipeline.model().passport().id(),
                pipeline.model().passport().version(),
                pipeline.model().digest(),
                Digests.ofTexts(inputDigests),
                pipeline.configDigest(),
                outcome.document().caseScore(),
                toJson(outcome),
                clock.instant()));
        if (!prediction.predictionId().equals(predictionId)) {
            heatmaps.delete(predictionId);
        }
        listener.finished(stored, outcome, prediction);
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

    /** Lets the case at hand end, then stops. */
    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
