package walnut.server.pages;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import walnut.failure.WalnutException;
import walnut.server.api.CaseDetail;
import walnut.server.api.CaseFilter;
import walnut.server.api.CaseQueries;
import walnut.server.api.CaseState;
import walnut.server.api.DeploymentQueries;
import walnut.server.api.ModelDescription;
import walnut.server.api.MonitoringQueries;
import walnut.server.api.Parameters;
import walnut.server.api.Routes;
import walnut.server.api.WorkerAnswers;
import walnut.server.frames.CaseFrames;
import walnut.server.frames.FrameCache;

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
        return () -> Templates.render(
                "worklist", WorklistView.of(cases.cases(filter), cases.countByState(), states, before));
    }

    private Callable<String> ofCase(RoutingContext context) {
        String caseId = Parameters.path(context, "caseId");
        int slice = slice(Parameters.query(context, "slice"));
        return () -> {
            CaseDetail detail = cases.caseById(caseId).orElseThrow(() -> Parameters.notFound("case", caseId));
            return Templates.render("case", caseView(detail, slice));
        };
    }

    /** The result is shown even where its pictures cannot be. */
    private CaseView caseView(CaseDetail detail, int slice) {
        try {
            Optional<CaseFrames> drawn = frames.frames(detail.summary().caseId());
            return CaseView.of(detail, drawn, "There is no T2W series to show.", slice);
        } catch (WalnutException noPictures) {
            return CaseView.of(detail, Optional.empty(), noPictures.code() + ": " + noPictures.getMessage(), slice);
        }
    }

    private Callable<String> model(RoutingContext context) {
        String modelId = Parameters.path(context, "modelId");
        return () -> {
            ModelDescription model =
                    deployments.model(modelId).orElseThrow(() -> Parameters.notFound("model", modelId));
            return Templates.render("model", ModelView.of(model, monitoring.figures(modelId)));
        };
    }

    /** Slices are counted from 1 in an address a person may type; −1 when none was asked for. */
    private static int slice(@Nullable String text) {
        return text == null ? -1 : Parameters.wholeNumber(text).orElse(0) - 1;
    }
}
