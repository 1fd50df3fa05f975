package walnut.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Takes labels in as JSON or CSV, and lists them. */
public final class LabelRoutes implements Routes {
    /** Some 150,000 rows. */
    static final long LARGEST_BODY = 16L * 1024 * 1024;
    /** A file with the wrong columns rejects every row; the first hundred say enough. */
    static final int MOST_REJECTIONS_TOLD = 100;

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
        router.post("/api/v1/labels")
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY))
                .handler(workers.json(this::submission));
    }

    private Callable<Answer> submission(RoutingContext context) {
        String header = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        String contentType = header == null ? "" : header.split(";")[0].trim().toLowerCase(Locale.ROOT);
        String text = context.body().asString();
        String body = text == null ? "" : text;
        return switch (contentType) {
            case "text/csv" -> () -> receive(csv(body));
            case "application/json" -> () -> receive(json(body));
            default ->
                throw new WalnutException(
                        FailureCode.UNSUPPORTED_MEDIA_TYPE, "labels come as application/json or text/csv");
        };
    }

    private Answer receive(Rows rows) {
        LabelReceipt receipt =
                rows.readable.isEmpty() ? new LabelReceipt(0, 0, 0, 0, List.of()) : labels.receive(rows.readable);
        List<LabelReceipt.Rejection> rejected = new ArrayList<>(rows.rejected);
        rejected.addAll(receipt.rejected());
        rejected.sort(Comparator.comparingInt(LabelReceipt.Rejection::row));
        if (receipt.accepted() + receipt.duplicates() == 0 && !rejected.isEmpty()) {
            LabelReceipt.Rejection first = rejected.get(0);
            throw new WalnutException(
                    FailureCode.LABEL_INVALID,
                    "none of " + rejected.size() + " labels could be taken; row " + first.row() + ": "
                            + first.detail());
        }
        return new Answer(
                receipt.accepted(),
                receipt.joined(),
                receipt.orphaned(),
                receipt.duplicates(),
                rejected.size(),
                rejected.subList(0, Math.min(rejected.size(), MOST_REJECTIONS_TOLD)));
    }

    private static Rows csv(String body) {
        List<List<String>> records = Csv.records(body);
        if (records.isEmpty()) {
            throw new WalnutException(FailureCode.LABEL_INVALID, "the CSV is empty: its first line names the columns");
        }
        List<String> columns =
                records.get(0).stream().map(LabelRoutes::fieldOfColumn).toList();
        Rows rows = new Rows();
        for (List<String> record : records.subList(1, records.size())) {
            if (record.size() != columns.size()) {
                rows.reject("has " + record.size() + " fields, the header names " + columns.size());
                continue;
            }
            Map<String, String> texts = new HashMap<>();
            for (int column = 0; column < columns.size(); column++) {
                texts.put(columns.get(column), record.get(column));
            }
            rows.read(texts);
        }
        return rows;
    }

    /** {@code study_instance_uid} and {@code studyInstanceUid} name the same field. */
    private static String fieldOfColumn(String column) {
        String[] words = column.trim().split("_");
        StringBuilder field = new StringBuilder(words[0]);
        for (int index = 1; index < words.length; index++) {
            String word = words[index];
            field.append(word.substring(0, Math.min(1, word.length())).toUpperCase(Locale.ROOT))
                    .append(word.substring(Math.min(1, word.length())));
        }
        return known(field.toString());
    }

    private static Rows json(String body) {
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
        Rows rows = new Rows();
        for (JsonNode label : list) {
            Map<String, String> texts = new HashMap<>();
            for (Iterator<Map.Entry<String, JsonNode>> fields = label.fields(); fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                if (!field.getValue().isNull()) {
                    texts.put(known(field.getKey()), field.getValue().asText());
                }
            }
            rows.read(texts);
        }
        return rows;
    }

    private static String known(String field) {
        if (!LabelForm.FIELDS.contains(field)) {
            throw new WalnutException(
                    FailureCode.LABEL_INVALID,
                    "unknown field; a label has "
                            + LabelForm.FIELDS.stream().sorted().toList());
        }
        return field;
    }

    /** The rows of one body: those whose form is right, and what is wrong with the others. */
    private static final class Rows {
        private final List<LabelSubmission> readable = new ArrayList<>();
        private final List<LabelReceipt.Rejection> rejected = new ArrayList<>();
        private int row;

        void read(Map<String, String> texts) {
            LabelForm.read(++row, texts, readable, rejected);
        }

        void reject(String detail) {
            rejected.add(new LabelReceipt.Rejection(++row, FailureCode.LABEL_INVALID.name(), detail));
        }
    }

    /** The receipt with its rejections counted, and only the first of them told. */
    private record Answer(
            int accepted,
            int joined,
            int orphaned,
            int duplicates,
            int rejectedCount,
            List<LabelReceipt.Rejection> rejected) {}
}
