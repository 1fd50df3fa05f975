package walnut.server.api;

import io.vertx.ext.web.Router;
import java.util.concurrent.Semaphore;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Runs a stored prediction again. A model takes seconds, so few may wait for one at a time. */
public final class ReplayRoutes implements Routes {
    private static final int MOST_WAITING = 4;

    private final CaseQueries cases;
    private final ReplayService replays;
    private final WorkerAnswers workers;
    private final Semaphore places = new Semaphore(MOST_WAITING);

    /** {@code workers} must not be those of the queries: a list should not wait for a model. */
    public ReplayRoutes(CaseQueries cases, ReplayService replays, WorkerAnswers workers) {
        this.cases = cases;
        this.replays = replays;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        router.post("/api/v1/predictions/:predictionId/replay").handler(workers.json(context -> {
            String predictionId = Parameters.path(context, "predictionId");
            if (!places.tryAcquire()) {
                throw new WalnutException(
                        FailureCode.BUSY, MOST_WAITING + " replays are under way already; try again in a minute");
            }
            CaseQueries visible = VisibleCases.to(Callers.of(context), cases);
            return () -> replay(visible, predictionId);
        }));
    }

    private ReplayReport replay(CaseQueries visible, String predictionId) {
        try {
            return visible.predictionById(predictionId)
                    .flatMap(prediction -> replays.replay(predictionId))
                    .orElseThrow(() -> Parameters.notFound("prediction", predictionId));
        } finally {
            places.release();
        }
    }
}
