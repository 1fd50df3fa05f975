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
import walnut.server.api.Callers;
import walnut.server.api.CaseDetail;
import walnut.server.api.CaseFilter;
import walnut.server.api.CaseQueries;
import walnut.server.api.CaseState;
import walnut.server.api.ClinicalContextForm;
import walnut.server.api.ClinicalContextRoutes;
import walnut.server.api.ClinicalContexts;
import walnut.server.api.Deployment;
import walnut.server.api.DeploymentQueries;
import walnut.server.api.ModelDescription;
import walnut.server.api.ModelFigures;
import walnut.server.api.MonitoringQueries;
import walnut.server.api.Parameters;
import walnut.server.api.Problem;
import walnut.server.api.Review;
import walnut.server.api.ReviewForm;
import walnut.server.api.ReviewRoutes;
import walnut.server.api.ReviewSubmission;
import walnut.server.api.Reviews;
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
    private static final long LARGEST_SEARCH = 4096;

    private final CaseQueries cases;
    private final FrameCache frames;
    private final MonitoringQueries monitoring;
    private final DeploymentQueries deployments;
    private final Reviews reviews;
    private final ClinicalContexts contexts;
    private final WorkerAnswers workers;

    public PageRoutes(
            CaseQueries cases,
            FrameCache frames,
            MonitoringQueries monitoring,
            DeploymentQueries deployments,
            Reviews reviews,
            ClinicalContexts contexts,
            WorkerAnswers workers) {
        this.cases = cases;
        this.frames = frames;
        this.monitoring = monitoring;
        this.deployments = deployments;
        this.reviews = reviews;
        this.contexts = contexts;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        page(router, "/", this::worklist);
        router.post("/find")
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_SEARCH))
                .handler(workers.answer(this::find, (context, html) -> Templates.send(context, 200, html)));
        router.get("/find").handler(context -> context.response()
                .setStatusCode(303)
                .putHeader(HttpHeaders.LOCATION, "/")
                .end());
        page(router, "/cases/:caseId", this::ofCase);
        form(router, "/cases/:caseId/reviews", "#review", ReviewRoutes.LARGEST_BODY, this::review);
        form(
                router,
                "/cases/:caseId/clinical-context",
                "#clinical-context",
                ClinicalContextRoutes.LARGEST_BODY,
                this::enterContext);
        page(router, "/models", context -> () -> Templates.render("models", ModelsView.of(deployments.deployments())));
        page(router, "/models/:modelId", this::model);
        StaticFiles.mount(router);
    }

    private void page(Router router, String path, Function<RoutingContext, Callable<String>> question) {
        router.get(path).handler(workers.answer(question, (context, html) -> Templates.send(context, 200, html)));
    }

    /** A form of a case's page. Signing in again, after a session ended under it, leads to its address: back to the page. */
    private void form(
            Router router,
            String path,
            String section,
            long largestBody,
            Function<RoutingContext, Callable<FormAnswer>> taken) {
        router.post(path)
                .handler(BodyHandler.create(false).setBodyLimit(largestBody))
                .handler(workers.answer(taken, PageRoutes::send));
        router.get(path).handler(context -> context.response()
                .setStatusCode(303)
                .putHeader(HttpHeaders.LOCATION, Hrefs.ofCase(Parameters.path(context, "caseId")) + section)
                .end());
    }

    private Callable<String> worklist(RoutingContext context) {
        Set<CaseState> states = Parameters.states(context);
        String before = Parameters.query(context, "before");
        CaseFilter filter = new CaseFilter(states, null, null, before, Parameters.limit(context));
        Caller reader = Callers.of(context);
        CaseQueries visible = VisibleCases.to(reader, cases);
        return () -> Templates.render(
                "worklist",
                WorklistView.of(visible.cases(filter), visible.countByState(), states, before, reader.seesPatients()));
    }

    /** What was typed names a patient: it comes in a body, so that it stands in no address and no history. */
    private Callable<String> find(RoutingContext context) {
        String text = fields(context).getOrDefault("text", "").strip();
        CaseQueries visible = VisibleCases.to(Callers.of(context), cases);
        return () -> Templates.render(
                "worklist", WorklistView.found(text, visible.cases(CaseFilter.found(text)), visible.countByState()));
    }

    private Callable<String> ofCase(RoutingContext context) {
        String caseId = Parameters.path(context, "caseId");
        int slice = slice(Parameters.query(context, "slice"));
        Caller reader = Callers.of(context);
        return () -> Templates.render("case", caseView(detail(caseId, reader), slice, reader, Sent.NOTHING));
    }

    private CaseDetail detail(String caseId, Caller reader) {
        return VisibleCases.to(reader, cases).caseById(caseId).orElseThrow(() -> Parameters.notFound("case", caseId));
    }

    /** The result is shown even where its pictures cannot be. */
    private CaseView caseView(CaseDetail detail, int slice, Caller reader, Sent sent) {
        String caseId = detail.summary().caseId();
        CaseView.Reading reading = new CaseView.Reading(
                reader.is(Role.RADIOLOGIST),
                reviews.ofCase(caseId).stream()
                        .filter(review -> detail.predictionIds().contains(review.predictionId()))
                        .toList(),
                reviews.draftOfCase(caseId, reader),
                sent.review(),
                contexts.ofCase(caseId),
                sent.context());
        try {
            Optional<CaseFrames> drawn =
                    frames.frames(caseId).map(all -> detail.prediction() == null ? all.without(Pane.HEATMAP) : all);
            return CaseView.of(detail, drawn, "There is no T2W series to show.", slice, reading);
        } catch (WalnutException noPictures) {
            return CaseView.of(
                    detail, Optional.empty(), noPictures.code() + ": " + noPictures.getMessage(), slice, reading);
        }
    }

    /** What a form carried that could not be taken. */
    private record Sent(Optional<RefusedForm> review, Optional<RefusedForm> context) {
        static final Sent NOTHING = new Sent(Optional.empty(), Optional.empty());
    }

    /** Takes what a form carried; gives the address to go on at. */
    private interface Taking {
        String location();
    }

    /** Where a form leads: to another page, or to its own with what was wrong. */
    private record FormAnswer(
            int status, @Nullable String location, @Nullable String html) {}

    private Callable<FormAnswer> review(RoutingContext context) {
        String caseId = Parameters.path(context, "caseId");
        Map<String, String> fields = fields(context);
        Caller reader = Callers.of(context);
        return () -> answer(
                caseId,
                reader,
                () -> {
                    ReviewSubmission submission = ReviewForm.ofPage(fields);
                    String predictionId = fields.getOrDefault("predictionId", "");
                    VisibleCases.requirePrediction(predictionId, reader, cases);
                    Review stored = reviews.submit(predictionId, submission, reader);
                    return Hrefs.reviewed(caseId, stored.version());
                },
                problem -> new Sent(Optional.of(new RefusedForm(fields, problem)), Optional.empty()));
    }

    private Callable<FormAnswer> enterContext(RoutingContext context) {
        String caseId = Parameters.path(context, "caseId");
        Map<String, String> fields = fields(context);
        Caller who = Callers.of(context);
        return () -> answer(
                caseId,
                who,
                () -> {
                    ClinicalContextForm form = ClinicalContextForm.ofPage(fields);
                    contexts.enter(caseId, form.context(), form.version(), who);
                    return Hrefs.ofCase(caseId) + "#clinical-context";
                },
                problem -> new Sent(Optional.empty(), Optional.of(new RefusedForm(fields, problem))));
    }

    /** Works without a script; what cannot be taken comes back filled in, so that nothing is written twice. */
    private FormAnswer answer(String caseId, Caller caller, Taking taking, Function<Problem, Sent> refused) {
        try {
            return new FormAnswer(303, taking.location(), null);
        } catch (WalnutException e) {
            Problem problem = Problem.of(e.code(), String.valueOf(e.getMessage()), Hrefs.ofCase(caseId));
            CaseView view = caseView(detail(caseId, caller), -1, caller, refused.apply(problem));
            return new FormAnswer(problem.status(), null, Templates.render("case", view));
        }
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
