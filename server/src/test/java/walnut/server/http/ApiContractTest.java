package walnut.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import walnut.server.api.WorkerAnswers;

/** The document and the routes say the same, and what is answered is what the document says. */
class ApiContractTest {
    private static final String PREDICTION = "p" + InMemoryHospital.POSITIVE.substring(1);

    private static RunningWalnut walnut;
    private static JsonNode contract;

    @BeforeAll
    static void start() {
        walnut = RunningWalnut.on(HttpSettings.loopback(0), new InMemoryHospital());
        contract = RunningWalnut.json(walnut.get("/api/v1/openapi.json"));
    }

    @AfterAll
    static void stop() {
        walnut.close();
    }

    @Test
    void is_an_openapi_3_1_document() {
        assertThat(contract.path("openapi").asText()).startsWith("3.1.");
        assertThat(contract.path("info").path("description").asText())
                .contains("Research use only, not a medical device");
    }

    @Test
    void document_and_routes_are_equal() {
        Set<String> declared = new TreeSet<>();
        contract.path("paths").fields().forEachRemaining(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> declared.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        assertThat(routed()).isEqualTo(declared);
        assertThat(declared).hasSizeGreaterThan(10);
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of("/api/v1/cases", "/api/v1/cases"),
                Arguments.of("/api/v1/cases?limit=1&state=COMPLETED", "/api/v1/cases"),
                Arguments.of("/api/v1/cases/" + InMemoryHospital.POSITIVE, "/api/v1/cases/{caseId}"),
                Arguments.of("/api/v1/cases/" + InMemoryHospital.REFUSED, "/api/v1/cases/{caseId}"),
                Arguments.of("/api/v1/cases/" + InMemoryHospital.WAITING, "/api/v1/cases/{caseId}"),
                Arguments.of("/api/v1/cases/unknown", "/api/v1/cases/{caseId}"),
                Arguments.of("/api/v1/cases?limit=0", "/api/v1/cases"),
                Arguments.of("/api/v1/cases?state=DONE", "/api/v1/cases"),
                Arguments.of("/api/v1/predictions/" + PREDICTION, "/api/v1/predictions/{predictionId}"),
                Arguments.of("/api/v1/predictions/unknown", "/api/v1/predictions/{predictionId}"),
                Arguments.of(
                        "/api/v1/cases/" + InMemoryHospital.POSITIVE + "/reviews", "/api/v1/cases/{caseId}/reviews"),
                Arguments.of("/api/v1/cases/unknown/reviews", "/api/v1/cases/{caseId}/reviews"),
                Arguments.of("/api/v1/predictions/unknown/reviews", "/api/v1/predictions/{predictionId}/reviews"),
                Arguments.of(
                        "/api/v1/predictions/" + PREDICTION + "/review-draft",
                        "/api/v1/predictions/{predictionId}/review-draft"),
                Arguments.of("/api/v1/labels", "/api/v1/labels"),
                Arguments.of("/api/v1/monitoring/" + InMemoryHospital.MODEL, "/api/v1/monitoring/{modelId}"),
                Arguments.of("/api/v1/monitoring/unknown", "/api/v1/monitoring/{modelId}"),
                Arguments.of("/api/v1/deployments", "/api/v1/deployments"),
                Arguments.of("/api/v1/destinations", "/api/v1/destinations"),
                Arguments.of("/api/v1/outbox", "/api/v1/outbox"),
                Arguments.of("/api/v1/conflicts", "/api/v1/conflicts"),
                Arguments.of("/api/v1/storage", "/api/v1/storage"),
                Arguments.of(
                        "/api/v1/predictions/" + PREDICTION + "/objects", "/api/v1/predictions/{predictionId}/objects"),
                Arguments.of("/api/v1/senders", "/api/v1/senders"),
                Arguments.of("/api/v1/tokens", "/api/v1/tokens"),
                Arguments.of("/api/v1/audit", "/api/v1/audit"),
                Arguments.of("/api/v1/audit?limit=1", "/api/v1/audit"),
                Arguments.of("/api/v1/audit?before=x", "/api/v1/audit"),
                Arguments.of("/health/live", "/health/live"),
                Arguments.of("/health/ready", "/health/ready"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void answers_as_the_document_says(String address, String path) {
        assertFollows(walnut.get(address), path, "get");
    }

    @Test
    void posts_are_answered_as_the_document_says() {
        assertFollows(
                walnut.post("/api/v1/predictions/" + PREDICTION + "/replay", "application/json", ""),
                "/api/v1/predictions/{predictionId}/replay",
                "post");
        assertFollows(
                walnut.post(
                        "/api/v1/labels",
                        "text/csv",
                        "study_instance_uid,kind,isup,sampled_on\n2.25.1,READER,2,2026-01-31\nx,READER,9,then\n"),
                "/api/v1/labels",
                "post");
        assertFollows(walnut.post("/api/v1/labels", "text/plain", "x"), "/api/v1/labels", "post");
    }

    @Test
    void reviews_are_answered_as_the_document_says() {
        String refused = "p" + InMemoryHospital.REFUSED.substring(1);
        String address = "/api/v1/predictions/" + refused + "/reviews";
        String declared = "/api/v1/predictions/{predictionId}/reviews";
        String review = """
                {"version": 0, "decision": "REJECTED", "reason": "WRONG_REFUSAL", "piRads": 4, "comment": "readable",
                 "candidates": [{"verdict": "ADDED", "positionLps": [12.5, 3, -40], "piRads": 4}]}""";
        assertFollows(walnut.post(address, "application/json", "{\"decision\": \"NO\"}"), declared, "post");
        HttpResponse<String> stored = walnut.post(address, "application/json", review);
        assertThat(stored.statusCode()).isEqualTo(201);
        assertFollows(stored, declared, "post");
        HttpResponse<String> beside = walnut.post(address, "application/json", review);
        assertThat(beside.statusCode()).isEqualTo(409);
        assertThat(RunningWalnut.json(beside).path("code").asText()).isEqualTo("REVIEW_SUPERSEDED");
        assertFollows(beside, declared, "post");
        assertFollows(walnut.get(address), declared, "get");
        assertFollows(
                walnut.get("/api/v1/cases/" + InMemoryHospital.REFUSED + "/reviews"),
                "/api/v1/cases/{caseId}/reviews",
                "get");
    }

    @Test
    void clinical_contexts_are_answered_as_the_document_says() {
        String address = "/api/v1/cases/" + InMemoryHospital.NEGATIVE + "/clinical-context";
        String declared = "/api/v1/cases/{caseId}/clinical-context";
        assertFollows(walnut.get(address), declared, "get");
        assertFollows(walnut.put(address, """
                        {"version": 0, "treatment": "NONE", "biopsiedOn": "2026-10-01", "hipProsthesis": false,
                         "psaValue": 6.4, "psaUnit": "NG_PER_ML", "psaOn": "2026-11-01"}"""), declared, "put");
        HttpResponse<String> beside = walnut.put(address, "{\"version\": 0}");
        assertThat(beside.statusCode()).isEqualTo(409);
        assertFollows(beside, declared, "put");
        HttpResponse<String> future = walnut.put(address, "{\"version\": 1, \"biopsiedOn\": \"2027-01-01\"}");
        assertThat(future.statusCode()).isEqualTo(422);
        assertFollows(future, declared, "put");
        assertFollows(walnut.put(address, "{\"psa\": 3}"), declared, "put");
        assertFollows(walnut.get(address), declared, "get");
        assertFollows(walnut.get("/api/v1/cases/unknown/clinical-context"), declared, "get");
    }

    @Test
    void drafts_are_answered_as_the_document_says() {
        String address = "/api/v1/predictions/p" + InMemoryHospital.NEGATIVE.substring(1) + "/review-draft";
        String declared = "/api/v1/predictions/{predictionId}/review-draft";
        assertFollows(walnut.put(address, "{\"fields\": {\"comment\": \"half\"}}"), declared, "put");
        assertFollows(walnut.put(address, "{\"fields\": {\"comment\": 3}}"), declared, "put");
        HttpResponse<String> kept = walnut.get(address);
        assertThat(RunningWalnut.json(kept).at("/fields/comment").asText()).isEqualTo("half");
        assertFollows(kept, declared, "get");
        assertThat(walnut.delete(address).statusCode()).isEqualTo(204);
        assertThat(walnut.get(address).statusCode()).isEqualTo(404);
    }

    @Test
    void upkeep_is_answered_as_the_document_says() {
        String reason = "{\"actor\": \"Ada\", \"reason\": \"a test of the scanner\"}";
        String json = "application/json";
        for (String caseId : List.of(InMemoryHospital.POSITIVE, "unknown")) {
            String address = "/api/v1/cases/" + caseId;
            assertFollows(walnut.post(address + "/reprocess", json, ""), "/api/v1/cases/{caseId}/reprocess", "post");
            assertFollows(walnut.put(address + "/discard", reason), "/api/v1/cases/{caseId}/discard", "put");
            assertFollows(walnut.put(address + "/discard", "{}"), "/api/v1/cases/{caseId}/discard", "put");
            assertFollows(walnut.delete(address + "/discard"), "/api/v1/cases/{caseId}/discard", "delete");
        }
        for (String body : List.of("{\"all\": true}", "{\"since\": \"2026-01-31\"}", "{}", "{\"since\": \"soon\"}")) {
            assertFollows(walnut.post("/api/v1/reprocess", json, body), "/api/v1/reprocess", "post");
        }
        for (String uid : List.of(InMemoryUpkeep.CONFLICT, "2.25.1")) {
            assertFollows(
                    walnut.post(
                            "/api/v1/conflicts",
                            json,
                            "{\"sopInstanceUid\": \"" + uid
                                    + "\", \"datasetSha256\": \"ab\", \"actor\": \"Ada\", \"reason\": \"cut off\"}"),
                    "/api/v1/conflicts",
                    "post");
        }
        assertFollows(walnut.post("/api/v1/storage/sweep", json, ""), "/api/v1/storage/sweep", "post");
        assertFollows(walnut.post("/api/v1/storage/sweep?dryRun=false", json, ""), "/api/v1/storage/sweep", "post");
    }

    @Test
    void operations_are_answered_as_the_document_says() {
        String state = "/api/v1/deployments/" + InMemoryHospital.MODEL + "/state";
        String declaredState = "/api/v1/deployments/{modelId}/state";
        String change = "{\"state\": \"ASSIST\", \"actor\": \"Ada\", \"reason\": \"trial ended\"}";
        assertFollows(walnut.put(state, change), declaredState, "put");
        assertFollows(walnut.put(state, "{\"state\": \"ASSIST\"}"), declaredState, "put");
        assertFollows(walnut.put(state, "ASSIST"), declaredState, "put");
        String hold = "/api/v1/destinations/{name}/hold";
        assertFollows(walnut.put("/api/v1/destinations/PACS/hold", change), hold, "put");
        assertFollows(walnut.put("/api/v1/destinations/OTHER/hold", change), hold, "put");
        assertFollows(walnut.delete("/api/v1/destinations/PACS/hold"), hold, "delete");
        assertFollows(
                walnut.post("/api/v1/destinations/PACS/echo", "application/json", ""),
                "/api/v1/destinations/{name}/echo",
                "post");
        assertFollows(
                walnut.post("/api/v1/destinations/OTHER/echo", "application/json", ""),
                "/api/v1/destinations/{name}/echo",
                "post");
        assertFollows(
                walnut.post("/api/v1/predictions/" + PREDICTION + "/resend", "application/json", ""),
                "/api/v1/predictions/{predictionId}/resend",
                "post");
    }

    @Test
    void tokens_are_made_and_revoked_as_the_document_says() {
        HttpResponse<String> made =
                walnut.post("/api/v1/tokens", "application/json", "{\"name\": \"Ada\", \"roles\": [\"radiologist\"]}");
        assertThat(made.statusCode()).isEqualTo(201);
        assertFollows(made, "/api/v1/tokens", "post");
        assertFollows(walnut.post("/api/v1/tokens", "application/json", "{}"), "/api/v1/tokens", "post");
        String id = RunningWalnut.json(made).at("/token/tokenId").asText();
        assertFollows(walnut.delete("/api/v1/tokens/" + id), "/api/v1/tokens/{tokenId}", "delete");
        assertFollows(walnut.delete("/api/v1/tokens/unknown"), "/api/v1/tokens/{tokenId}", "delete");
    }

    @Test
    void strangers_and_wrong_roles_are_answered_as_the_document_says() {
        contract.path("paths")
                .fields()
                .forEachRemaining(path -> path.getValue().fields().forEachRemaining(operation -> {
                    if (operation.getValue().path("x-walnut-roles").isEmpty()) {
                        return;
                    }
                    String address = path.getKey().replaceAll("\\{[A-Za-z]+}", "1");
                    HttpResponse<String> answer = walnut.send(walnut.anonymous(address)
                            .method(operation.getKey().toUpperCase(Locale.ROOT), HttpRequest.BodyPublishers.noBody())
                            .build());
                    assertThat(answer.statusCode()).as(address).isEqualTo(401);
                    assertFollows(answer, path.getKey(), operation.getKey());
                }));
    }

    private static void assertFollows(HttpResponse<String> response, String path, String method) {
        JsonNode responses = contract.path("paths").path(path).path(method).path("responses");
        JsonNode declared = responses.path(Integer.toString(response.statusCode()));
        if (declared.isMissingNode()) {
            declared = responses.path("default");
        }
        if (declared.has("$ref")) {
            declared = contract.at(declared.get("$ref").asText().substring(1));
        }
        String contentType = response.headers().firstValue("Content-Type").orElse("none");
        JsonNode schema = declared.path("content").path(contentType).path("schema");
        assertThat(schema.isMissingNode())
                .as("%s %s answers %d with %s", method, path, response.statusCode(), contentType)
                .isFalse();
        assertThat(validate(schema, RunningWalnut.json(response)))
                .as("%s", response.body())
                .isEmpty();
    }

    /** The schema with the document's components beside it, so that its references resolve. */
    private static List<String> validate(JsonNode schema, JsonNode answer) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        whole.set("components", contract.get("components"));
        whole.putArray("allOf").add(schema);
        JsonSchema compiled =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
        List<String> problems = new ArrayList<>();
        compiled.validate(answer).forEach(message -> problems.add(message.getMessage()));
        return problems;
    }

    /** Addresses for machines: the pages and their files are not part of the contract. */
    private static Set<String> routed() {
        Vertx vertx = Vertx.vertx();
        try {
            WorkerExecutor workers = vertx.createSharedWorkerExecutor("contract", 1);
            WorkerAnswers answers = new WorkerAnswers(workers);
            Set<String> routed = new TreeSet<>();
            for (Route route : WalnutHttp.router(
                            vertx, HttpSettings.loopback(0), new InMemoryHospital().dependencies(), answers, answers)
                    .getRoutes()) {
                String path = route.getName();
                if (path != null
                        && (path.startsWith("/api/") || path.startsWith("/health/") || path.equals("/metrics"))) {
                    for (HttpMethod method : route.methods()) {
                        routed.add(method.name() + " " + path.replaceAll(":([A-Za-z]+)", "{$1}"));
                    }
                }
            }
            return routed;
        } finally {
            RunningWalnut.await(vertx.close());
        }
    }
}
