package walnut.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Takes labels in as JSON or CSV, and lists them. */
public final class LabelRoutes implements Routes {
    /** Of JSON, which is read whole; CSV is read as it arrives and has no bound. */
    static final long LARGEST_JSON = 16L * 1024 * 1024;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final LabelIntake labels;
    private final WorkerAnswers workers;

    public LabelRoutes(LabelIntake labels, WorkerAnswers workers) {
        this.labels = labels;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/v1/labels").handler(workers.json(context -> {
            String caseId = Parameters.query(context, "caseId");
            String before = Parameters.query(context, "before");
            int limit = Parameters.limit(context);
            return () -> labels.labels(caseId, before, limit);
        }));
        router.post("/api/v1/labels").handler(this::upload);
        router.post("/api/v1/labels")
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_JSON))
                .handler(workers.json(context -> {
                    List<JsonNode> submitted = listed(text(context));
                    return () -> receive(submitted);
                }));
    }

    /** CSV is taken here; JSON goes on to be gathered. */
    private void upload(RoutingContext context) {
        String header = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        String contentType = header == null ? "" : header.split(";")[0].trim().toLowerCase(Locale.ROOT);
        switch (contentType) {
            case "text/csv" ->
                new LabelUpload(context.request(), labels, workers::run)
                        .receive()
                        .onSuccess(answer -> ApiJson.send(context, 200, "application/json", answer))
                        .onFailure(context::fail);
            case "application/json" -> context.next();
            default ->
                context.fail(new WalnutException(
                        FailureCode.UNSUPPORTED_MEDIA_TYPE, "labels come as application/json or text/csv"));
        }
    }

    private static String text(RoutingContext context) {
        String text = context.body().asString();
        return text == null ? "" : text;
    }

    private static List<JsonNode> listed(String body) {
        JsonNode document;
        try {
            document = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new WalnutException(FailureCode.LABEL_INVALID, "the body is not JSON", e);
        }
        JsonNode list = document.path("labels");
        if (!list.isArray()) {
            throw new WalnutException(FailureCode.LABEL_INVALID, "the body must be {\"labels\": [ … ]}");
        }
        List<JsonNode> listed = new ArrayList<>();
        list.forEach(listed::add);
        return listed;
    }

    private LabelTally.Answer receive(List<JsonNode> submitted) {
        LabelTally tally = new LabelTally();
        List<LabelSubmission> readable = new ArrayList<>();
        List<LabelReceipt.Rejection> rejected = new ArrayList<>();
        int row = 0;
        for (JsonNode label : submitted) {
            Map<String, String> texts = new HashMap<>();
            for (Iterator<Map.Entry<String, JsonNode>> fields = label.fields(); fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                if (!field.getValue().isNull()) {
                    texts.put(LabelForm.known(field.getKey()), field.getValue().asText());
                }
            }
            LabelForm.read(++row, texts, readable, rejected);
        }
        rejected.forEach(tally::reject);
        if (!readable.isEmpty()) {
            tally.add(labels.receive(readable), unnumbered -> null);
        }
        return tally.answer();
    }
}
