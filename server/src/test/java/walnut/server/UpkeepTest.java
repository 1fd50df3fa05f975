package walnut.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.passport.ModelPackage;
import walnut.server.api.CaseOperations;
import walnut.server.api.CaseState;
import walnut.server.api.NamedReason;
import walnut.server.api.Storage;
import walnut.server.cli.Phantoms;
import walnut.server.config.ConfigKey;
import walnut.server.database.StoredPrediction;

/** One study through everything that an operator may do to it, on a whole node; the tests tell its story in order. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UpkeepTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");
    private static final NamedReason REASON = new NamedReason("Ada", "a test of the scanner");

    @TempDir
    static Path scratch;

    private static NodeUnderTest node;
    private static Path study;
    private static StoredPrediction first;

    @BeforeAll
    static void aStudyThatWasPredicted() throws Exception {
        study = Phantoms.one(scratch.resolve("phantom"), 910_001);
        node = NodeUnderTest.start(
                scratch.resolve("data"), ModelPackage.open(DETECTOR), Map.of(ConfigKey.RETENTION_AGE, "0s"));
        node.send(study);
        first = node.nextPrediction();
        assertThat(first.outcome()).isEqualTo("COMPLETED");
    }

    @AfterAll
    static void close() {
        node.close();
    }

    @Test
    @Order(1)
    void running_the_same_again_stores_nothing_and_says_so() {
        assertThat(operations().reprocess(first.caseId()))
                .isEqualTo(new CaseOperations.RunAgain(
                        first.caseId(), CaseOperations.Result.UNCHANGED, first.predictionId()));
        assertThat(operations().reprocess(everything())).isEqualTo(new CaseOperations.Receipt(0, 1, 0, 0, 0));
        assertThat(predictions()).containsExactly(first.predictionId());
    }

    @Test
    @Order(2)
    void a_case_that_is_put_aside_runs_when_it_is_taken_up_again_and_gives_the_same() throws Exception {
        operations().discard(first.caseId(), REASON);
        assertThat(state()).isEqualTo(CaseState.DISCARDED);
        assertFails(FailureCode.CASE_DISCARDED, () -> operations().reprocess(first.caseId()));
        assertFails(FailureCode.CASE_DISCARDED, () -> operations().discard(first.caseId(), REASON));
        operations().takeUpAgain(first.caseId());
        assertThat(node.nextPrediction().predictionId()).isEqualTo(first.predictionId());
        assertThat(predictions()).containsExactly(first.predictionId());
        assertFails(FailureCode.NOT_FOUND, () -> operations().takeUpAgain(first.caseId()));
        assertFails(FailureCode.NOT_FOUND, () -> operations().reprocess("unknown"));
    }

    @Test
    @Order(3)
    void retention_says_what_would_go_and_then_removes_it_and_nothing_else() throws IOException {
        long images = storage().report().images();
        assertThat(images).isPositive();
        assertThat(storage().report().forecast().reason()).isEqualTo("TOO_LITTLE_DATA");
        Storage.Sweep dry = storage().sweep(true);
        assertThat(dry.cases()).containsExactly(first.caseId());
        assertThat(dry.images()).isEqualTo(images);
        assertThat(storage().report().images()).isEqualTo(images);

        Storage.Sweep swept = storage().sweep(false);
        assertThat(swept.bytes()).isEqualTo(dry.bytes());
        assertThat(storage().report().images()).isZero();
        try (Stream<Path> files = Files.walk(scratch.resolve("data/instances"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".dcm"))).isEmpty();
        }
        assertThat(state()).isEqualTo(CaseState.COMPLETED);
        assertThat(predictions()).containsExactly(first.predictionId());
        assertFails(FailureCode.INPUT_GONE, () -> node.server().replay().replay(first.predictionId()));
        assertFails(FailureCode.INPUT_GONE, () -> operations().reprocess(first.caseId()));
        assertThat(operations().reprocess(everything()).inputGone()).isEqualTo(1);
        assertThat(storage().sweep(false).studies()).isZero();
    }

    @Test
    @Order(4)
    void a_study_that_is_sent_again_has_its_images_back_and_the_prediction_it_had() throws Exception {
        node.send(study);
        assertThat(node.nextPrediction().predictionId()).isEqualTo(first.predictionId());
        assertThat(predictions()).containsExactly(first.predictionId());
        assertThat(node.server()
                        .replay()
                        .replay(first.predictionId())
                        .orElseThrow()
                        .verdict())
                .isEqualTo("BITWISE");
    }

    private static CaseOperations operations() {
        return node.server().upkeep().cases();
    }

    private static Storage storage() {
        return node.server().upkeep().storage();
    }

    private static CaseOperations.Selection everything() {
        return new CaseOperations.Selection(Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static CaseState state() {
        return node.server()
                .cases()
                .caseById(first.caseId())
                .orElseThrow()
                .summary()
                .state();
    }

    private static List<String> predictions() {
        return node.server().cases().caseById(first.caseId()).orElseThrow().predictionIds();
    }

    private static void assertFails(FailureCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(failure.code())
                .isEqualTo(code));
    }
}
