package walnut.server.labels;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.prostate.eligibility.EnteredContext;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.api.LabelRoutes;
import walnut.server.api.WorkerAnswers;
import walnut.server.database.Ids;
import walnut.server.database.MovableClock;

/** A file of labels with something of everything wrong in it, over HTTP into a real database. */
class LabelFileTest {
    private static final int PATIENCE_SECONDS = 300;
    private static final int ROWS = 20_000;

    private final Vertx vertx = Vertx.vertx();
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final Ids ids = new Ids(clock, new Random(1));
    private RecordedSite site;
    private LabelDesk desk;

    @BeforeEach
    void open(@TempDir Path folder) {
        site = new RecordedSite(folder, clock, ids);
        desk = new LabelDesk(
                site.labels(), site.cases(), site.predictions(), site.contexts(), clock, ZoneOffset.UTC, ids);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        site.close();
    }

    @Test
    void ten_bad_rows_cost_no_other_and_each_is_named_by_line_and_code() throws Exception {
        site.completedCase("2.25.1", "P1", "20261020", 0.5);
        String treated = site.completedCase("2.25.2", "P2", "20261020", 0.5);
        site.contexts()
                .add(new ClinicalContextRecord(
                        "c1",
                        treated,
                        1,
                        "ada",
                        null,
                        clock.instant(),
                        new EnteredContext(
                                EnteredContext.Treatment.FOCAL_THERAPY, null, null, null, null, null, null)));
        List<String> bad = List.of(
                "2.25.1,BIOPSY_TARGETED,3,,2026-11-23",
                "2.25.1,BIOPSY_TARGETED,3,,2026-10-19",
                "2.25.2,BIOPSY_TARGETED,3,,2026-11-01",
                "2.25.1,BIOPSY_TARGETED,1,true,2026-11-01",
                "2.25.1,FOLLOWUP_NEGATIVE,4,,2026-11-01",
                "2.25.1,BIOPSY_TARGETED,9,,2026-11-01",
                "2.25.1,BIOPSY_TARGETED,,,2026-11-01",
                "2.25.1,GUESS,3,,2026-11-01",
                "2.25.1,BIOPSY_TARGETED,3,,yesterday",
                ",BIOPSY_TARGETED,3,,2026-11-01");
        List<String> codes = List.of(
                "LABEL_IN_FUTURE",
                "LABEL_BEFORE_STUDY",
                "LABEL_AFTER_TREATMENT",
                "LABEL_CONTRADICTORY",
                "LABEL_CONTRADICTORY",
                "LABEL_INVALID",
                "LABEL_INVALID",
                "LABEL_INVALID",
                "LABEL_INVALID",
                "LABEL_INVALID");
        StringBuilder file = new StringBuilder("study_instance_uid,kind,isup,cs_pca,sampled_on\n");
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            int every = ROWS / bad.size();
            if (row % every == every / 2) {
                file.append(bad.get(row / every)).append('\n');
                lines.add(Integer.toString(row + 2));
            } else {
                file.append("2.25.9")
                        .append(row)
                        .append(",BIOPSY_SYSTEMATIC,")
                        .append(row % 6)
                        .append(",,2026-11-01\n");
            }
        }

        JsonNode answer = send(file.toString());

        assertThat(answer.path("accepted").asInt()).isEqualTo(ROWS - bad.size());
        assertThat(answer.path("orphaned").asInt())
                .as("of studies unknown here")
                .isEqualTo(ROWS - bad.size());
        assertThat(answer.path("rejectedCount").asInt()).isEqualTo(bad.size());
        assertThat(answer.path("rejected").findValuesAsText("code")).containsExactlyElementsOf(codes);
        assertThat(answer.path("rejected").findValuesAsText("line")).containsExactlyElementsOf(lines);
        assertThat(answer.path("rejected").findValuesAsText("detail")).allMatch(detail -> !detail.contains("2.25"));

        assertThat(send(file.toString()).path("duplicates").asInt()).isEqualTo(ROWS - bad.size());
    }

    private JsonNode send(String file) throws Exception {
        Router router = Router.router(vertx);
        new LabelRoutes(desk, new WorkerAnswers(vertx.createSharedWorkerExecutor("labels", 2))).mount(router);
        HttpServer server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/api/v1/labels"))
                                .header("Content-Type", "text/csv")
                                .timeout(Duration.ofSeconds(PATIENCE_SECONDS))
                                .POST(HttpRequest.BodyPublishers.ofString(file))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }
}
