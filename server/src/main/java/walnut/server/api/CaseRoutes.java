package walnut.server.api;

import io.vertx.ext.web.Router;

/** Cases and predictions, read only. */
public final class CaseRoutes implements Routes {
    private final CaseQueries cases;
    private final WorkerAnswers workers;

    public CaseRoutes(CaseQueries cases, WorkerAnswers workers) {
        this.cases = cases;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/v1/cases").handler(workers.json(context -> {
            CaseFilter filter = new CaseFilter(
                    Parameters.states(context),
                    Parameters.query(context, "studyInstanceUid"),
                    null,
                    Parameters.query(context, "before"),
                    Parameters.limit(context));
            CaseQueries visible = VisibleCases.to(Callers.of(context), cases);
            return () -> visible.cases(filter);
        }));
        router.get("/api/v1/cases/:caseId").handler(workers.json(context -> {
            String caseId = Parameters.path(context, "caseId");
            CaseQueries visible = VisibleCases.to(Callers.of(context), cases);
            return () -> visible.caseById(caseId).orElseThrow(() -> Parameters.notFound("case", caseId));
        }));
        router.get("/api/v1/predictions/:predictionId").handler(workers.json(context -> {
            String predictionId = Parameters.path(context, "predictionId");
            CaseQueries visible = VisibleCases.to(Callers.of(context), cases);
            return () -> visible.predictionById(predictionId)
                    .orElseThrow(() -> Parameters.notFound("prediction", predictionId));
        }));
    }
}
