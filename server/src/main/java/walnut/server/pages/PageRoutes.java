package walnut.server.pages;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import walnut.failure.WalnutException;
import walnut.server.api.Callers;
import walnut.server.api.CaseDetail;
import walnut.server.api.CaseFilter;
import walnut.server.api.CaseQueries;
import walnut.server.api.CaseState;
import walnut.server.api.Deployment;
import walnut.server.api.DeploymentQueries;
import walnut.server.api.ModelDescription;
import walnut.server.api.ModelFigures;
import walnut.server.api.MonitoringQueries;
import walnut.server.api.Parameters;
import walnut.server.api.Routes;
import walnut.server.api.VisibleCases;
import walnut.server.api.WorkerAnswers;
import walnut.server.frames.CaseFrames;
import walnut.server.frames.FrameCache;
import walnut.server.frames.Pane;
import walnut.server.security.AccessRules;
import walnut.server.security.Caller;
import walnut.server.security.Role;

/** The pages and what they are laid out with. */
public final class PageRoutes implements Routes {
    private final CaseQueries cases;
    private final FrameCache frames;
    private final MonitoringQueries monitoring;
    private final DeploymentQueries deployments;
    private final WorkerAnswers workers;

    public PageRoutes(
            CaseQueries cases,
            FrameCache frames,
            MonitoringQueries monitoring,
            DeploymentQueries deployments,
            WorkerAnswers workers) {
        this.cases = cases;
        this.frames = frames;
        this.monitoring = monitoring;
        this.deployments = deployments;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        page(router, "/", this::worklist);
        page(router, "/cases/:caseId", this::ofCase);
        page(router, "/models", context -> () -> Templates.render("models", ModelsView.of(deployments.deployments())));
        page(router, "/models/:modelId", this::model);
        StaticFiles.mount(router);
    }

    private void page(Router router, String path, Function<RoutingContext, Callable<String>> question) {
        router.get(path).handler(workers.answer(question, (context, html) -> Templates.send(context, 200, html)));
    }

    private Callable<String> worklist(RoutingContext context) {
        Set<CaseState> states = Parameters.states(context);
        String before = Parameters.query(context, "before");
        CaseFilter filter = new CaseFilter(states, null, before, Parameters.limit(context));
        CaseQueries visible = VisibleCases.to(Callers.of(context), cases);
        return () -> Templates.render(
                "worklist", WorklistView.of(visible.cases(filter), visible.countByState(), states, before));
    }

    private Callable<String> ofCase(RoutingContext context) {
        String caseId = Parameters.path(context, "caseId");
        int slice = slice(Parameters.query(context, "slice"));
        CaseQueries visible = VisibleCases.to(Callers.of(context), cases);
        return () -> {
            CaseDetail detail = visible.caseById(caseId).orElseThrow(() -> Parameters.notFound("case", caseId));
            return Templates.render("case", caseView(detail, slice));
        };
    }

    /** The result is shown even where its pictures cannot be. */
    private CaseView caseView(CaseDetail detail, int slice) {
        try {
            Optional<CaseFrames> drawn = frames.frames(detail.summary().caseId())
                    .map(all -> detail.prediction() == null ? all.without(Pane.HEATMAP) : all);
            return CaseView.of(detail, drawn, "There is no T2W series to show.", slice);
        } catch (WalnutException noPictures) {
            return CaseView.of(detail, Optional.empty(), noPictures.code() + ": " + noPictures.getMessage(), slice);
        }
    }

    private Callable<String> model(RoutingContext context) {
        String modelId = Parameters.path(context, "modelId");
        Caller caller = Callers.of(context);
        return () -> {
            ModelDescription model =
                    deployments.model(modelId).orElseThrow(() -> Parameters.notFound("model", modelId));
            boolean told = mayKnowFigures(caller, model.deployment());
            Optional<ModelFigures> figures = told ? monitoring.figures(modelId) : Optional.empty();
            return Templates.render("model", ModelView.of(model, figures, told, mayChangeState(caller)));
        };
    }

    /** How a silent model does is as silent as the model, but to who watches it. */
    private static boolean mayKnowFigures(Caller caller, Deployment deployment) {
        return deployment.state().equals("ASSIST") || caller.is(Role.ML_ENGINEER) || caller.is(Role.AUDITOR);
    }

    private static boolean mayChangeState(Caller caller) {
        return AccessRules.of("PUT", "/api/v1/deployments/:modelId/state")
                .filter(rule -> !caller.actingAs(rule.roles()).isEmpty())
                .isPresent();
    }

    /** Slices are counted from 1 in an address a person may type; −1 when none was asked for. */
    private static int slice(@Nullable String text) {
        return text == null ? -1 : Parameters.wholeNumber(text).orElse(0) - 1;
    }
}
