package walnut.server.pages;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import walnut.server.api.Callers;
import walnut.server.api.CaseFilter;
import walnut.server.api.CasePage;
import walnut.server.api.CaseQueries;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;
import walnut.server.api.Delivery;
import walnut.server.api.Delivery.OutgoingReport;
import walnut.server.api.DeploymentQueries;
import walnut.server.api.NonPatientObjects;
import walnut.server.api.Parameters;
import walnut.server.api.Routes;
import walnut.server.api.Senders;
import walnut.server.api.Storage;
import walnut.server.api.VisibleCases;
import walnut.server.api.WorkerAnswers;

/** The operator's page: what came, what became of it, what left, and the switches. It changes things by the API. */
public final class AdminRoutes implements Routes {
    /** The others are in the API's list. */
    private static final int MOST_NON_PATIENT_OBJECTS = 20;

    private final CaseQueries cases;
    private final DeploymentQueries deployments;
    private final Delivery delivery;
    private final Senders senders;
    private final Storage disk;
    private final NonPatientObjects nonPatientObjects;
    private final WorkerAnswers workers;

    public AdminRoutes(
            CaseQueries cases,
            DeploymentQueries deployments,
            Delivery delivery,
            Senders senders,
            Storage disk,
            NonPatientObjects nonPatientObjects,
            WorkerAnswers workers) {
        this.cases = cases;
        this.deployments = deployments;
        this.delivery = delivery;
        this.senders = senders;
        this.disk = disk;
        this.nonPatientObjects = nonPatientObjects;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        router.get("/admin").handler(workers.answer(this::page, (context, html) -> Templates.send(context, 200, html)));
    }

    private Callable<String> page(RoutingContext context) {
        Set<CaseState> states = Parameters.states(context);
        CaseFilter filter =
                new CaseFilter(states, null, null, Parameters.query(context, "before"), Parameters.limit(context));
        CaseQueries visible = VisibleCases.to(Callers.of(context), cases);
        return () -> {
            CasePage page = visible.cases(filter);
            return Templates.render(
                    "admin",
                    AdminView.of(
                            deployments.deployments(),
                            senders.senders(),
                            delivery.destinations(),
                            disk.report(),
                            nonPatientObjects.newest(MOST_NON_PATIENT_OBJECTS),
                            page,
                            visible.countByState(),
                            states,
                            objects(page)));
        };
    }

    private Map<String, List<OutgoingReport>> objects(CasePage page) {
        Map<String, List<OutgoingReport>> objects = new HashMap<>();
        for (CaseSummary summary : page.cases()) {
            String predictionId = summary.predictionId();
            if (predictionId != null) {
                objects.put(predictionId, delivery.ofPrediction(predictionId));
            }
        }
        return objects;
    }
}
