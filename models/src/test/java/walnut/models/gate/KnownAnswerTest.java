package walnut.models.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.models.TestPackages;
import walnut.models.gate.KnownAnswer.Verdict;
import walnut.models.inference.LoadedModel;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.Passport;
import walnut.models.tensor.Npy;

class KnownAnswerTest {
    @TempDir
    Path scratch;

    @Test
    void a_recorded_answer_is_given_again_bit_for_bit() throws IOException {
        ModelPackage recorded = recorded();

        KnownAnswer answer = run(recorded);

        assertThat(answer.overall()).contains(Verdict.BITWISE);
        assertThat(answer.cases()).singleElement().satisfies(one -> {
            assertThat(one.name()).isEqualTo("plain");
            assertThat(one.largestDifference()).isZero();
        });
        assertThat(recorded.passport().knownAnswers().get(0).expected().recordedUnder())
                .contains("ort 1.29.0 CPU ALL_OPT threads 1");
        assertThat(recorded.passport().knownAnswers().get(0).expected().caseScoreRaw())
                .isBetween(0.5, 1.0);
    }

    /** As on another processor: the digests differ, the samples agree within the tolerance. */
    @Test
    void other_bits_within_tolerance_are_told_apart() throws IOException {
        recorded();
        edit(expected -> {
            ((ObjectNode) expected.at("/outputs/0")).put("sha256", "0".repeat(64));
            ObjectNode sample = (ObjectNode) expected.at("/outputs/0/samples/3");
            sample.put("value", sample.get("value").floatValue() + 2e-4f);
        });

        assertThat(run(ModelPackage.open(scratch)).overall()).contains(Verdict.WITHIN_TOLERANCE);
    }

    @Test
    void another_answer_is_broken() throws IOException {
        recorded();
        edit(expected -> {
            ((ObjectNode) expected.at("/outputs/0")).put("sha256", "0".repeat(64));
            ObjectNode sample = (ObjectNode) expected.at("/outputs/0/samples/3");
            sample.put("value", sample.get("value").floatValue() + 2e-3f);
        });

        assertThat(run(ModelPackage.open(scratch)).overall()).contains(Verdict.BROKEN);
    }

    @Test
    void another_score_from_the_same_bits_is_broken() throws IOException {
        recorded();
        edit(expected -> expected.put("caseScoreRaw", 0.1));

        assertThat(run(ModelPackage.open(scratch)).overall()).contains(Verdict.BROKEN);
    }

    @Test
    void a_model_that_fails_is_broken_and_says_why() throws IOException {
        recorded();
        ObjectNode passport = (ObjectNode)
                TestPackages.JSON.readTree(scratch.resolve("passport.json").toFile());
        Files.copy(
                TestPackages.resource("onnx/tiny_out_of_range.onnx"),
                scratch.resolve("detector.onnx"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        walnut.models.passport.PackageWriter.seal(scratch, passport);

        KnownAnswer answer = run(ModelPackage.open(scratch));

        assertThat(answer.overall()).contains(Verdict.BROKEN);
        assertThat(answer.cases().get(0).detail()).contains("MODEL_OUTPUT_INVALID");
    }

    @Test
    void a_model_that_scores_points_is_known_by_the_score_of_a_patch() throws IOException {
        TestPackages.point(scratch, "tiny");
        Passport passport = ModelPackage.readPassport(scratch);
        Files.createDirectories(scratch.resolve("golden"));
        Npy.write(
                scratch.resolve("golden/patch.npy"),
                TestPackages.input(passport, 5).tensors().get(0));
        ObjectNode json = (ObjectNode)
                TestPackages.JSON.readTree(scratch.resolve("passport.json").toFile());
        ObjectNode known = ((ArrayNode) json.get("knownAnswers")).addObject().put("name", "patch");
        known.putArray("inputs")
                .addObject()
                .put("name", "patch")
                .put("file", "golden/patch.npy")
                .put("scale", 1);
        TestPackages.write(scratch, json);
        ModelPackage packed = KnownAnswerRecorder.record(scratch);

        assertThat(packed.passport().knownAnswers().get(0).expected().caseScoreRaw())
                .isBetween(0.1, 0.9);
        assertThat(run(packed).overall()).contains(Verdict.BITWISE);
        edit(expected -> expected.put("caseScoreRaw", 0.99));
        assertThat(run(ModelPackage.open(scratch)).overall()).contains(Verdict.BROKEN);
    }

    @Test
    void without_cases_there_is_no_verdict() {
        ModelPackage plain = ModelPackage.open(TestPackages.tiny(scratch, "tiny"));

        assertThat(run(plain).overall()).isEmpty();
    }

    private ModelPackage recorded() throws IOException {
        TestPackages.tiny(scratch, "tiny");
        Passport passport = ModelPackage.readPassport(scratch);
        Files.createDirectories(scratch.resolve("golden/plain"));
        Npy.write(
                scratch.resolve("golden/plain/bpmri.npy"),
                TestPackages.input(passport, 11).tensors().get(0));
        ObjectNode json = (ObjectNode)
                TestPackages.JSON.readTree(scratch.resolve("passport.json").toFile());
        ObjectNode known = ((ArrayNode) json.get("knownAnswers")).addObject().put("name", "plain");
        known.putArray("inputs")
                .addObject()
                .put("name", "bpmri")
                .put("file", "golden/plain/bpmri.npy")
                .put("scale", 1);
        TestPackages.write(scratch, json);
        return KnownAnswerRecorder.record(scratch);
    }

    private void edit(java.util.function.Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode)
                TestPackages.JSON.readTree(scratch.resolve("passport.json").toFile());
        change.accept((ObjectNode) json.at("/knownAnswers/0/expected"));
        TestPackages.write(scratch, json);
    }

    private static KnownAnswer run(ModelPackage modelPackage) {
        try (LoadedModel model = LoadedModel.load(modelPackage)) {
            return KnownAnswer.run(modelPackage, model);
        }
    }
}
