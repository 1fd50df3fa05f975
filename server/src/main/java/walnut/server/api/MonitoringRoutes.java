package walnut.server.api;

import io.vertx.ext.web.Router;
import java.util.Map;

/** Which models are deployed, and how they do. */
public final class MonitoringRoutes implements Routes {
    private final MonitoringQueries monitoring;
    private final DeploymentQueries deployments;
    private final WorkerAnswers workers;

    public MonitoringRoutes(MonitoringQueries monitoring, DeploymentQueries deployments, WorkerAnswers workers) {
        this.monitoring = monitoring;
        this.deployments = deployments;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/v1/deployments")
                .handler(workers.json(context -> () -> Map.of("deployments", deployments.deployments())));
        router.get("/api/v1/monitoring/:modelId").handler(workers.json(context -> {
            String modelId = Parameters.path(context, "modelId");
            return () -> monitoring.figures(modelId).orElseThrow(() -> Parameters.notFound("model", modelId));
        }));
    }
}
