package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import walnut.prostate.phantom.Dialect;
import walnut.prostate.phantom.PhantomCohort;
import walnut.prostate.phantom.PhantomDefect;
import walnut.prostate.phantom.PhantomLesion;
import walnut.prostate.phantom.PhantomRecipe;
import walnut.prostate.phantom.PhantomStudy;

/** What the two shipped packages look at, shown on phantoms through the whole corridor. */
class ShippedPackagesTest {
    private static final String DETECTOR = "walnut-phantom-detector";
    private static final String CLASSIFIER = "walnut-phantom-lesion-classifier";

    /** An ISUP 5 of 1.4 mL at its home scanner. */
    private static final long WITH_CANCER = 910_007;

    /** Negative for one model at its operating point, positive for the other. */
    private static final long DISPUTED = 340_005;

    @TempDir
    Path scratch;

    @Test
    void changing_the_voxels_of_a_lesion_changes_both_scores_there() throws IOException {
        PhantomStudy dark = study(WITH_CANCER, PhantomRecipe.STANDARD);
        PhantomStudy light = study(WITH_CANCER, PhantomRecipe.STANDARD.withLesionAdcShift(900));
        PhantomLesion lesion = dark.lesions().get(0);
        assertThat(lesion.isup()).isGreaterThanOrEqualTo(2);
        for (String model : List.of(DETECTOR, CLASSIFIER)) {
            double before = pointScore(predict(dark, "dark", model, lesion), model);
            double after = pointScore(predict(light, "light", model, lesion), model);
            assertThat(after).as(model).isLessThan(before - .2);
        }
    }

    @Test
    void the_two_packages_disagree_on_some_case() throws IOException {
        List<String> decisions = new ArrayList<>();
        for (String model : List.of(DETECTOR, CLASSIFIER)) {
            JsonNode document = predict(study(DISPUTED, PhantomRecipe.STANDARD), "disputed", model, null);
            decisions.add(document.at("/decisions/0/positive").asText());
        }
        assertThat(decisions).containsExactlyInAnyOrder("true", "false");
    }

    private static PhantomStudy study(long seed, PhantomRecipe recipe) {
        return PhantomStudy.of(seed, 0, Dialect.home(seed), recipe);
    }

    private static double pointScore(JsonNode document, String model) {
        JsonNode point = document.at("/points/0/score");
        assertThat(point.isNumber()).as(model + ": " + document.at("/points")).isTrue();
        return point.asDouble();
    }

    private JsonNode predict(PhantomStudy study, String folder, String model, @Nullable PhantomLesion at)
            throws IOException {
        Path directory = scratch.resolve(folder);
        PhantomCohort cohort = new PhantomCohort(directory);
        cohort.begin();
        cohort.write(study, PhantomDefect.NONE);
        List<String> arguments = new ArrayList<>(List.of(
                "predict",
                directory.resolve(study.patientId()).toString(),
                "--model",
                model,
                "--json",
                "--data-dir",
                scratch.resolve("data").toString()));
        if (at != null) {
            arguments.add("--at");
            arguments.add(at.centroid().x() + "," + at.centroid().y() + ","
                    + at.centroid().z());
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        assertThat(line.execute(arguments.toArray(String[]::new)))
                .as(err.toString())
                .isEqualTo(ExitCode.DONE);
        return new ObjectMapper().readTree(out.toString());
    }
}
