package walnut.server.api;

import io.vertx.ext.web.Router;
import java.util.Map;

/** Who sends studies here. */
public final class SenderRoutes implements Routes {
    private final Senders senders;
    private final WorkerAnswers workers;

    public SenderRoutes(Senders senders, WorkerAnswers workers) {
        this.senders = senders;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/v1/senders").handler(workers.json(context -> () -> Map.of("senders", senders.senders())));
    }
}
