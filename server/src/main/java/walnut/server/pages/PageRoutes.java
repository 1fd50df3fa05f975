package walnut.server.pages;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import walnut.failure.WalnutException;
import walnut.server.api.Caller;
import walnut.server.api.CaseDetail;
import walnut.server.api.CaseFilter;
import walnut.server.api.CaseQueries;
import walnut.server.api.CaseState;
import walnut.server.api.DeploymentQueries;
import walnut.server.api.ModelDescription;
import walnut.server.api.MonitoringQueries;
import walnut.server.api.Parameters;
import walnut.server.api.Problem;
import walnut.server.api.Review;
import walnut.server.api.ReviewForm;
import walnut.server.api.ReviewRoutes;
import walnut.server.api.ReviewSubmission;
import walnut.server.api.Reviews;
import walnut.server.api.Routes;
import walnut.server.api.WorkerAnswers;
import walnut.server.frames.FrameCache;

/** The pages and what they are laid out with. */
public final class PageRoutes implements Routes {
    private final CaseQueries cases;
    private final FrameCache frames;
    private final MonitoringQueries monitoring;
    private final DeploymentQueries deployments;
    private final Reviews reviews;
    private final Function<RoutingContext, Caller> caller;
    private final WorkerAnswers workers;

    public PageRoutes(
            CaseQueries cases,
            FrameCache frames,
            MonitoringQueries monitoring,
            DeploymentQueries deployments,
            Reviews reviews,
            Function<RoutingContext, Caller> caller,
            WorkerAnswers workers) {
        this.cases = cases;
        this.frames = frames;
        this.monitoring = monitoring;
        this.deployments = deployments;
        this.reviews = reviews;
        this.caller = caller;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        page(router, "/", this::worklist);
        page(router, "/cases/:caseId", this::ofCase);
        router.post("/cases/:caseId/reviews")
                .handler(BodyHandler.create(false).setBodyLimit(ReviewRoutes.LARGEST_BODY))
                .handler(workers.answer(this::review, PageRoutes::send));
        // Where signing in again leads to after a session ended under the form.
        router.get("/cases/:caseId/reviews").handler(context -> context.response()
                .setStatusCode(303)
                .putHeader(HttpHeaders.LOCATION, Hrefs.ofCase(Parameters.path(context, "caseId")) + "#review")
                .end());
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
        Caller reader = caller.apply(context);
        return () -> Templates.render("case", caseView(detail(caseId), slice, reader, Optional.empty()));
    }

    private CaseDetail detail(String caseId) {
        return cases.caseById(caseId).orElseThrow(() -> Parameters.notFound("case", caseId));
    }

    /** The result is shown even where its pictures cannot be. */
    private CaseView caseView(CaseDetail detail, int slice, Caller reader, Optional<ReviewView.Refused> refused) {
        String caseId = detail.summary().caseId();
        CaseView.Reading reading =
                new CaseView.Reading(reviews.ofCase(caseId), reviews.draftOfCase(caseId, reader), refused);
        try {
            return CaseView.of(detail, frames.frames(caseId), "There is no T2W series to show.", slice, reading);
        } catch (WalnutException noPictures) {
            return CaseView.of(
                    detail, Optional.empty(), noPictures.code() + ": " + noPictures.getMessage(), slice, reading);
        }
    }

    /** Where a form leads: to another page, or to its own with what was wrong. */
    private record FormAnswer(
            int status, @Nullable String location, @Nullable String html) {}

    /** Works without a script; what cannot be taken comes back filled in, so that nothing is written twice. */
    private Callable<FormAnswer> review(RoutingContext context) {
        String caseId = Parameters.path(context, "caseId");
        Map<String, String> fields = fields(context);
        Caller reader = caller.apply(context);
        String path = context.request().path();
        return () -> {
            try {
                ReviewSubmission submission = ReviewForm.ofPage(fields);
                Review stored = reviews.submit(fields.getOrDefault("predictionId", ""), submission, reader);
                return new FormAnswer(303, Hrefs.reviewed(caseId, stored.version()), null);
            } catch (WalnutException e) {
                Problem problem = Problem.of(e.code(), String.valueOf(e.getMessage()), path);
                CaseView view =
                        caseView(detail(caseId), -1, reader, Optional.of(new ReviewView.Refused(fields, problem)));
                return new FormAnswer(problem.status(), null, Templates.render("case", view));
            }
        };
    }

    private static Map<String, String> fields(RoutingContext context) {
        Map<String, String> fields = new HashMap<>();
        context.request().formAttributes().forEach(field -> fields.put(field.getKey(), field.getValue()));
        return fields;
    }

    private static void send(RoutingContext context, FormAnswer answer) {
        if (answer.html() != null) {
            Templates.send(context, answer.status(), answer.html());
        } else {
            context.response()
                    .setStatusCode(answer.status())
                    .putHeader(HttpHeaders.LOCATION, answer.location())
                    .end();
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
