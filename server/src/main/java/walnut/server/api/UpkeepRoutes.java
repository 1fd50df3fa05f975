package walnut.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;

/** Cases run again or put aside, conflicts ended, the disk watched, objects of no patient listed. */
public final class UpkeepRoutes implements Routes {
    private static final long LARGEST_BODY = 16 * 1024;

    private final Upkeep upkeep;
    private final WorkerAnswers workers;

    public UpkeepRoutes(Upkeep upkeep, WorkerAnswers workers) {
        this.upkeep = upkeep;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        router.post("/api/v1/cases/:caseId/reprocess").handler(workers.json(context -> {
            String caseId = Parameters.path(context, "caseId");
            return () -> upkeep.cases().reprocess(caseId);
        }));
        withBody(router.put("/api/v1/cases/:caseId/discard")).handler(workers.json(context -> {
            String caseId = Parameters.path(context, "caseId");
            NamedReason reason = reason(context, JsonBody.of(context));
            return () -> {
                upkeep.cases().discard(caseId, reason);
                return Map.of("caseId", caseId, "discarded", true);
            };
        }));
        router.delete("/api/v1/cases/:caseId/discard").handler(workers.json(context -> {
            String caseId = Parameters.path(context, "caseId");
            return () -> {
                upkeep.cases().takeUpAgain(caseId);
                return Map.of("caseId", caseId, "discarded", false);
            };
        }));
        withBody(router.post("/api/v1/reprocess")).handler(workers.json(context -> {
            CaseOperations.Selection selection = selection(JsonBody.of(context));
            return () -> upkeep.cases().reprocess(selection);
        }));
        router.get("/api/v1/conflicts")
                .handler(workers.json(
                        context -> () -> Map.of("conflicts", upkeep.conflicts().conflicts())));
        withBody(router.post("/api/v1/conflicts")).handler(workers.json(context -> {
            JsonNode body = JsonBody.of(context);
            NamedReason reason = reason(context, body);
            return () -> {
                upkeep.conflicts()
                        .choose(JsonBody.text(body, "sopInstanceUid"), JsonBody.text(body, "datasetSha256"), reason);
                return Map.of("conflicts", upkeep.conflicts().conflicts());
            };
        }));
        router.get("/api/v1/storage")
                .handler(workers.json(context -> () -> upkeep.storage().report()));
        router.post("/api/v1/storage/sweep").handler(workers.json(context -> {
            boolean dryRun = !"false".equals(Parameters.query(context, "dryRun"));
            return () -> upkeep.storage().sweep(dryRun);
        }));
        router.get("/api/v1/non-patient-objects").handler(workers.json(context -> {
            int limit = Parameters.limit(context);
            return () -> upkeep.nonPatientObjects().newest(limit);
        }));
    }

    private static CaseOperations.Selection selection(JsonNode body) {
        Optional<String> study = optional(body, "studyInstanceUid");
        Optional<Instant> since = optional(body, "since").map(UpkeepRoutes::moment);
        Optional<String> model = optional(body, "modelId");
        if (study.isEmpty()
                && since.isEmpty()
                && model.isEmpty()
                && !body.path("all").asBoolean()) {
            throw Parameters.invalid("say which cases: studyInstanceUid, since, modelId, or all: true");
        }
        return new CaseOperations.Selection(study, since, model);
    }

    /** A day, which begins at midnight UTC, or an instant. */
    private static Instant moment(String text) {
        try {
            return text.length() == "2026-01-31".length()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw Parameters.invalid("since must be a day such as 2026-01-31, or an instant");
        }
    }

    private static Optional<String> optional(JsonNode body, String field) {
        return Optional.of(JsonBody.text(body, field)).filter(value -> !value.isEmpty());
    }

    private static NamedReason reason(RoutingContext context, JsonNode body) {
        return new NamedReason(Callers.actor(context, body), JsonBody.text(body, "reason"));
    }

    private static Route withBody(Route route) {
        return route.handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY));
    }
}
