package walnut.server.meters;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import walnut.dicom.net.scp.DimseServerListener;
import walnut.failure.FailureCode;
import walnut.server.api.Delivery;
import walnut.server.api.Deployment;
import walnut.server.api.DeploymentQueries;
import walnut.server.api.PredictionDocument;
import walnut.server.api.ReplayReport;
import walnut.server.api.ReplayService;
import walnut.server.database.CaseState;
import walnut.server.database.DeploymentState;
import walnut.server.database.OutgoingObject;
import walnut.server.database.StoredCase;
import walnut.server.database.StoredPrediction;
import walnut.server.outbox.OutboxListener;
import walnut.server.pipeline.CaseOutcome;
import walnut.store.InstanceListener;
import walnut.store.StoredInstance;

/**
 * The node's meters. Labels are bounded: outcomes, failure and refusal codes, stages, models; never a patient, a study
 * or an AE title that a peer may choose.
 */
public final class NodeMeters {
    private final MeterRegistry registry;
    private final Clock clock;

    public NodeMeters(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        // The two whose names break Prometheus' naming rules (a unit that is no base unit, a gauge called a count).
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmGcMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    /** Counts what the store took in: stored, resent, updated, conflicting, refused by code. */
    public InstanceListener instances() {
        return new InstanceListener() {
            @Override
            public void stored(StoredInstance instance) {
                ingest("STORED");
            }

            @Override
            public void resent(StoredInstance existing) {
                ingest("RESENT");
            }

            @Override
            public void updated(StoredInstance added) {
                ingest("ATTRIBUTE_UPDATE");
            }

            @Override
            public void conflicted(StoredInstance added) {
                ingest("CONFLICT");
            }

            @Override
            public void refused(FailureCode code) {
                ingest(code.name());
            }
        };
    }

    private void ingest(String result) {
        count("walnut_instances_received", "objects that came in, by what became of them", "result", result);
    }

    /** Counts associations and times C-STORE from command to response. */
    public DimseServerListener associations() {
        return new DimseServerListener() {
            @Override
            public void associationAccepted(String callingAeTitle) {
                association("ACCEPTED");
            }

            @Override
            public void associationRejected(String callingAeTitle, FailureCode reason) {
                association(reason.name());
            }

            @Override
            public void associationEnded(String callingAeTitle, boolean aborted) {
                association(aborted ? "ABORTED" : "RELEASED");
            }

            @Override
            public void storeAnswered(String callingAeTitle, int status, Duration elapsed) {
                Timer.builder("walnut_dimse_store")
                        .description("C-STORE, from its command to its response")
                        .tag("success", Boolean.toString(status == 0))
                        .register(registry)
                        .record(elapsed);
            }
        };
    }

    private void association(String event) {
        count("walnut_associations", "DICOM associations, by what happened to them", "event", event);
    }

    private void count(String name, String description, String... tags) {
        Counter.builder(name)
                .description(description)
                .tags(tags)
                .register(registry)
                .increment();
    }

    /** Counts attempts to send by what became of them, and times delivery from when the object was queued. */
    public OutboxListener outbox() {
        return (destination, state, since) -> {
            count(
                    "walnut_outbox_attempts",
                    "attempts to send a result object, by what became of it",
                    "destination",
                    destination,
                    "state",
                    state.name());
            if (state == OutgoingObject.State.DELIVERED) {
                Timer.builder("walnut_outbox_delivery")
                        .description("an object's way out, from the queue to the destination's answer")
                        .tag("destination", destination)
                        .register(registry)
                        .record(since);
            }
        };
    }

    /**
     * Counts the outcome of a case and its first refusal reason; times how long its images came, how long it took from
     * the last of them to the outcome, and each stage.
     */
    public void finished(StoredCase stored, CaseOutcome outcome, StoredPrediction prediction) {
        PredictionDocument document = outcome.document();
        Timer.builder("walnut_assembly")
                .description("a study's images, from the first received to the last")
                .register(registry)
                .record(Duration.between(stored.firstReceivedAt(), stored.lastReceivedAt()));
        Duration turnaround = Duration.between(stored.lastReceivedAt(), prediction.createdAt());
        // A study that is sent again after retention has the prediction that it had before.
        if (!turnaround.isNegative()) {
            Timer.builder("walnut_turnaround")
                    .description("from a study's last image received to its outcome stored, the quiet time included")
                    .tag("outcome", outcome.name())
                    .register(registry)
                    .record(turnaround);
        }
        String code = document.reasons().isEmpty()
                ? "NONE"
                : document.reasons().get(0).code();
        count(
                "walnut_cases_finished",
                "cases answered, by outcome and first reason",
                "outcome",
                outcome.name(),
                "reason",
                code);
        document.timingsMs().forEach((stage, ms) -> Timer.builder("walnut_stage")
                .description("one stage of the corridor for one case")
                .tag("stage", stage)
                .register(registry)
                .record((long) (ms * 1000), TimeUnit.MICROSECONDS));
    }

    /** How many studies are in which state, asked at each scrape. */
    public void watchStudies(Function<CaseState, Long> count) {
        for (CaseState state : CaseState.values()) {
            Gauge.builder("walnut_studies", () -> count.apply(state))
                    .description("studies by state: images arriving, in the corridor, answered")
                    .tag("state", state.name())
                    .register(registry);
        }
    }

    /** How many objects wait for each destination, and how many were given up, asked at each scrape. */
    public void watchOutbox(Delivery delivery) {
        for (Delivery.DestinationReport destination : delivery.destinations()) {
            outboxGauge(delivery, destination.name(), "PENDING", Delivery.DestinationReport::pending);
            outboxGauge(delivery, destination.name(), "PARKED", Delivery.DestinationReport::parked);
        }
    }

    private void outboxGauge(
            Delivery delivery, String destination, String state, ToLongFunction<Delivery.DestinationReport> count) {
        Gauge.builder("walnut_outbox_objects", () -> delivery.destinations().stream()
                        .filter(report -> report.name().equals(destination))
                        .mapToLong(count)
                        .sum())
                .description("result objects that wait, and those given up until an operator looks")
                .tag("destination", destination)
                .tag("state", state)
                .register(registry);
    }

    /**
     * A series for every state of every model, 1 for the one it is in; and one that is 1 while its known answers come out
     * as recorded.
     */
    public void watchModels(DeploymentQueries models) {
        for (Deployment deployment : models.deployments()) {
            for (DeploymentState state : DeploymentState.values()) {
                Gauge.builder("walnut_deployment", () -> inState(models, deployment.modelId(), state) ? 1 : 0)
                        .description("1 for the state a model is deployed in")
                        .tag("model", deployment.modelId())
                        .tag("state", state.name())
                        .register(registry);
            }
            Gauge.builder("walnut_known_answer_ok", models, queries -> knownAnswerOk(queries, deployment.modelId()))
                    .description("1 while the known-answer cases come out as recorded")
                    .tag("model", deployment.modelId())
                    .register(registry);
        }
    }

    private static boolean inState(DeploymentQueries models, String modelId, DeploymentState state) {
        return models.deployments().stream()
                .anyMatch(deployment -> deployment.modelId().equals(modelId)
                        && deployment.state().equals(state.name()));
    }

    private static double knownAnswerOk(DeploymentQueries models, String modelId) {
        return models.deployments().stream()
                        .filter(deployment -> deployment.modelId().equals(modelId))
                        .anyMatch(deployment ->
                                deployment.knownAnswer() != null && !"BROKEN".equals(deployment.knownAnswer()))
                ? 1
                : 0;
    }

    /** The same replay service, its verdicts counted and its runs timed. */
    public ReplayService counting(ReplayService replays) {
        return predictionId -> {
            long start = clock.millis();
            Optional<ReplayReport> report = replays.replay(predictionId);
            report.ifPresent(done -> Timer.builder("walnut_replay")
                    .description("running a stored prediction again")
                    .tag("verdict", done.verdict())
                    .register(registry)
                    .record(Duration.ofMillis(clock.millis() - start)));
            return report;
        };
    }
}
