package walnut.server.api;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;
import walnut.server.security.Caller;

/** What people know about a patient and the images do not say. */
public final class ClinicalContextRoutes implements Routes {
    public static final long LARGEST_BODY = 8L * 1024;

    private final ClinicalContexts contexts;
    private final CaseQueries cases;
    private final WorkerAnswers workers;

    public ClinicalContextRoutes(ClinicalContexts contexts, CaseQueries cases, WorkerAnswers workers) {
        this.contexts = contexts;
        this.cases = cases;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        String path = "/api/v1/cases/:caseId/clinical-context";
        router.get(path).handler(workers.json(context -> {
            String caseId = Parameters.path(context, "caseId");
            return () -> {
                if (cases.caseById(caseId).isEmpty()) {
                    throw Parameters.notFound("case", caseId);
                }
                return Map.of("versions", contexts.ofCase(caseId));
            };
        }));
        router.put(path)
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY))
                .handler(workers.json(context -> {
                    String caseId = Parameters.path(context, "caseId");
                    ClinicalContextForm form = ClinicalContextForm.ofJson(JsonBody.of(context));
                    Caller who = Callers.of(context);
                    return () -> contexts.enter(caseId, form.context(), form.version(), who);
                }));
    }
}
