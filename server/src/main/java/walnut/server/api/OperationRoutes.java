package walnut.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;

/** What an operator does: states of models, destinations, what is on its way. Changes carry a name and a reason. */
public final class OperationRoutes implements Routes {
    private static final long LARGEST_BODY = 16 * 1024;

    private final CaseQueries cases;
    private final DeploymentControl deployments;
    private final Delivery delivery;
    private final WorkerAnswers workers;

    public OperationRoutes(CaseQueries cases, DeploymentControl deployments, Delivery delivery, WorkerAnswers workers) {
        this.cases = cases;
        this.deployments = deployments;
        this.delivery = delivery;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        withBody(router.put("/api/v1/deployments/:modelId/state")).handler(workers.json(context -> {
            String modelId = Parameters.path(context, "modelId");
            JsonNode body = JsonBody.of(context);
            String actor = Callers.actor(context, body);
            return () ->
                    deployments.change(modelId, JsonBody.text(body, "state"), actor, JsonBody.text(body, "reason"));
        }));
        router.get("/api/v1/destinations")
                .handler(workers.json(context -> () -> Map.of("destinations", delivery.destinations())));
        router.post("/api/v1/destinations/:name/echo").handler(context -> {
            context.put(Routes.TAKEN_BY, context.currentRoute().getPath());
            Future.fromCompletionStage(
                            delivery.echo(Parameters.path(context, "name")),
                            context.vertx().getOrCreateContext())
                    .onSuccess(took ->
                            ApiJson.send(context, 200, "application/json", Map.of("roundTripMs", took.toNanos() / 1e6)))
                    .onFailure(context::fail);
        });
        withBody(router.put("/api/v1/destinations/:name/hold")).handler(workers.json(context -> {
            String name = Parameters.path(context, "name");
            JsonNode body = JsonBody.of(context);
            String actor = Callers.actor(context, body);
            return () -> {
                delivery.hold(name, actor, JsonBody.text(body, "reason"));
                return Map.of("destinations", delivery.destinations());
            };
        }));
        router.delete("/api/v1/destinations/:name/hold").handler(workers.json(context -> {
            String name = Parameters.path(context, "name");
            return () -> {
                delivery.release(name);
                return Map.of("destinations", delivery.destinations());
            };
        }));
        router.get("/api/v1/outbox").handler(workers.json(context -> {
            int limit = Parameters.limit(context);
            return () -> Map.of("objects", delivery.unfinished(limit));
        }));
        router.get("/api/v1/predictions/:predictionId/objects").handler(workers.json(context -> {
            String predictionId = Parameters.path(context, "predictionId");
            CaseQueries visible = VisibleCases.to(Callers.of(context), cases);
            return () -> {
                mustBeVisible(visible, predictionId);
                return Map.of("objects", delivery.ofPrediction(predictionId));
            };
        }));
        router.post("/api/v1/predictions/:predictionId/resend").handler(workers.json(context -> {
            String predictionId = Parameters.path(context, "predictionId");
            String destination = Parameters.query(context, "destination");
            CaseQueries visible = VisibleCases.to(Callers.of(context), cases);
            return () -> {
                mustBeVisible(visible, predictionId);
                return Map.of("objects", delivery.resend(predictionId, destination));
            };
        }));
    }

    private static void mustBeVisible(CaseQueries visible, String predictionId) {
        if (visible.predictionById(predictionId).isEmpty()) {
            throw Parameters.notFound("prediction", predictionId);
        }
    }

    private static Route withBody(Route route) {
        return route.handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY));
    }
}
