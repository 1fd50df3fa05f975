package walnut.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walnut.failure.FailureCode;
import walnut.models.passport.ModelPackage;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;
import walnut.server.api.PredictionDocument;
import walnut.server.cli.Phantoms;

/** Models that only show in the corridor what they are: the case ends with its code, the next one completes. */
class BadModelsTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");

    @TempDir
    static Path scratch;

    private static Study phantom;
    private static ServedModel detector;

    @BeforeAll
    static void aPhantomAndTheShippedDetector() throws IOException {
        Path folder = Phantoms.one(scratch.resolve("phantom"), 910_000);
        phantom = StudyFolder.read(folder).studies().get(0);
        detector = load(DETECTOR);
    }

    @AfterAll
    static void close() {
        detector.close();
    }

    @ParameterizedTest
    @CsvSource({
        "tiny_out_of_range, MODEL_OUTPUT_INVALID, expected values from 0.0 to 1.0",
        "tiny_answers_nan, MODEL_OUTPUT_INVALID, NaN"
    })
    void an_answer_that_is_none_ends_the_case_with_its_code(String graph, FailureCode code, String said)
            throws IOException {
        try (ServedModel bad = load(TinyModels.of(scratch.resolve(graph), graph))) {
            assertFailed(run(bad), code, said);
        }
        assertTheNextCaseCompletes();
    }

    @Test
    void a_model_that_never_returns_is_ended_while_another_answers() throws Exception {
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try (ServedModel endless = load(TinyModels.of(
                scratch.resolve("endless"), "tiny_never_returns", passport -> ((ObjectNode) passport.get("runtime"))
                        .put("deadlineMs", 2000)))) {
            Future<CaseOutcome> hanging = worker.submit(() -> run(endless));

            assertTheNextCaseCompletes();

            assertFailed(hanging.get(2, TimeUnit.MINUTES), FailureCode.INFERENCE_TIMEOUT, "2000 ms");
        } finally {
            worker.shutdown();
        }
        assertTheNextCaseCompletes();
    }

    private static ServedModel load(Path modelPackage) {
        return ServedModel.load(
                ModelPackage.open(modelPackage),
                id -> {
                    throw new IllegalStateException("asked for " + id);
                },
                "test");
    }

    private static CaseOutcome run(ServedModel model) {
        return new CasePipeline(model).run(FolderInput.of(phantom, List.of()));
    }

    /** Failed, with all that is known of the case up to there. */
    private static void assertFailed(CaseOutcome outcome, FailureCode code, String said) {
        assertThat(outcome).isInstanceOfSatisfying(CaseOutcome.Failed.class, failed -> assertThat(failed.code())
                .isEqualTo(code));
        PredictionDocument document = outcome.document();
        assertThat(document.outcome()).isEqualTo("FAILED");
        assertThat(document.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(code.name());
            assertThat(reason.detail()).contains(said).contains("; ");
        });
        assertThat(document.caseScore()).isNull();
        assertThat(document.findings()).isEmpty();
        assertThat(document.digests().tensors()).as("what the model was fed").isNotEmpty();
        assertThat(document.digests().outputs()).isEmpty();
    }

    private static void assertTheNextCaseCompletes() {
        assertThat(run(detector).document().outcome()).isEqualTo("COMPLETED");
    }
}
