package walnut.server.meters;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import walnut.dicom.net.scp.DimseServerListener;
import walnut.failure.FailureCode;
import walnut.server.api.Deployment;
import walnut.server.api.DeploymentQueries;
import walnut.server.api.PredictionDocument;
import walnut.server.api.ReplayReport;
import walnut.server.api.ReplayService;
import walnut.server.database.OutgoingObject;
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
        registry.counter("walnut_instances_received", "result", result).increment();
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
        registry.counter("walnut_associations", "event", event).increment();
    }

    /** Counts attempts to send by what became of them, and times delivery from when the object was queued. */
    public OutboxListener outbox() {
        return (destination, state, since) -> {
            registry.counter("walnut_outbox_attempts", "destination", destination, "state", state.name())
                    .increment();
            if (state == OutgoingObject.State.DELIVERED) {
                Timer.builder("walnut_outbox_delivery")
                        .description("an object's way out, from the queue to the destination's answer")
                        .tag("destination", destination)
                        .register(registry)
                        .record(since);
            }
        };
    }

    /** Counts the outcome of a case, its refusal reasons, and the time of each stage. */
    public void finished(CaseOutcome outcome) {
        PredictionDocument document = outcome.document();
        String code = document.reasons().isEmpty()
                ? "NONE"
                : document.reasons().get(0).code();
        registry.counter("walnut_cases_finished", "outcome", outcome.name(), "reason", code)
                .increment();
        document.timingsMs().forEach((stage, ms) -> Timer.builder("walnut_stage")
                .description("one stage of the corridor for one case")
                .tag("stage", stage)
                .register(registry)
                .record((long) (ms * 1000), TimeUnit.MICROSECONDS));
    }

    /** One series per model, 1 while its known answers come out as recorded, else 0. */
    public void watch(DeploymentQueries models) {
        for (Deployment deployment : models.deployments()) {
            Gauge.builder("walnut_known_answer_ok", models, queries -> knownAnswerOk(queries, deployment.modelId()))
                    .description("1 while the known-answer cases come out as recorded")
                    .tag("model", deployment.modelId())
                    .register(registry);
        }
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
