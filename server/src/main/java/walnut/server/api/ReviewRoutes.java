package walnut.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.security.Caller;

/** Readers' reviews of predictions, and the drafts of those not handed in yet. */
public final class ReviewRoutes implements Routes {
    /** A comment of the longest, every candidate placed, and the names around them. */
    public static final long LARGEST_BODY = 64L * 1024;

    private final Reviews reviews;
    private final CaseQueries cases;
    private final WorkerAnswers workers;

    public ReviewRoutes(Reviews reviews, CaseQueries cases, WorkerAnswers workers) {
        this.reviews = reviews;
        this.cases = cases;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/v1/cases/:caseId/reviews").handler(workers.json(context -> {
            String caseId = Parameters.path(context, "caseId");
            CaseQueries visible = VisibleCases.to(Callers.of(context), cases);
            return () -> {
                List<String> predictions = visible.caseById(caseId)
                        .orElseThrow(() -> Parameters.notFound("case", caseId))
                        .predictionIds();
                return Map.of(
                        "reviews",
                        reviews.ofCase(caseId).stream()
                                .filter(review -> predictions.contains(review.predictionId()))
                                .toList());
            };
        }));
        router.get("/api/v1/predictions/:predictionId/reviews").handler(workers.json(context -> {
            String predictionId = known(context);
            Caller reader = Callers.of(context);
            return () -> {
                VisibleCases.requirePrediction(predictionId, reader, cases);
                return Map.of("reviews", reviews.ofPrediction(predictionId));
            };
        }));
        router.post("/api/v1/predictions/:predictionId/reviews")
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY))
                .handler(workers.answer(
                        context -> {
                            String predictionId = known(context);
                            ReviewSubmission submission = ReviewForm.ofJson(JsonBody.of(context));
                            Caller reviewer = Callers.of(context);
                            return () -> {
                                VisibleCases.requirePrediction(predictionId, reviewer, cases);
                                return reviews.submit(predictionId, submission, reviewer);
                            };
                        },
                        (context, review) -> ApiJson.send(context, 201, "application/json", review)));
        mountDrafts(router);
    }

    private void mountDrafts(Router router) {
        String path = "/api/v1/predictions/:predictionId/review-draft";
        router.get(path).handler(workers.json(context -> {
            String predictionId = known(context);
            Caller reviewer = Callers.of(context);
            return () -> reviews.draft(predictionId, reviewer)
                    .orElseThrow(() -> Parameters.notFound("draft on prediction", predictionId));
        }));
        router.put(path)
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY))
                .handler(workers.json(context -> {
                    String predictionId = known(context);
                    Map<String, String> fields = fields(JsonBody.of(context));
                    Caller reviewer = Callers.of(context);
                    return () -> {
                        VisibleCases.requirePrediction(predictionId, reviewer, cases);
                        return reviews.keepDraft(predictionId, fields, reviewer);
                    };
                }));
        router.delete(path)
                .handler(workers.<Boolean>answer(
                        context -> {
                            String predictionId = known(context);
                            Caller reviewer = Callers.of(context);
                            return () -> {
                                reviews.discardDraft(predictionId, reviewer);
                                return true;
                            };
                        },
                        (context, done) -> context.response().setStatusCode(204).end()));
    }

    private static String known(RoutingContext context) {
        return Parameters.path(context, "predictionId");
    }

    private static Map<String, String> fields(JsonNode body) {
        Map<String, String> fields = new HashMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> each = body.path("fields").fields(); each.hasNext(); ) {
            Map.Entry<String, JsonNode> field = each.next();
            if (!field.getValue().isTextual()) {
                throw new WalnutException(FailureCode.REVIEW_INVALID, "the fields of a draft are texts");
            }
            fields.put(field.getKey(), field.getValue().asText());
        }
        return fields;
    }
}
