package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import walnut.prostate.phantom.Dialect;
import walnut.prostate.phantom.PhantomCohort;
import walnut.prostate.phantom.PhantomDefect;
import walnut.prostate.phantom.PhantomDefect.Outcome;
import walnut.prostate.phantom.PhantomDefect.T2wChoice;
import walnut.prostate.phantom.PhantomRecipe;
import walnut.prostate.phantom.PhantomStudy;

/**
 * What {@code walnut predict} makes of every planted fault: none completes silently. The table in docs is what this
 * test saw; {@code -Dwalnut.write-tables=true} writes it.
 */
class PhantomFaultTableTest {
    private static final Path TABLE = Path.of("../docs/phantom-faults.md");
    private static final long FIRST_SEED = 910_200;

    @TempDir
    Path scratch;

    @Test
    void no_planted_fault_completes_silently() throws IOException {
        List<String> rows = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (PhantomDefect defect : PhantomDefect.planted()) {
            Path folder = scratch.resolve(defect.name());
            long seed = FIRST_SEED + defect.ordinal();
            PhantomStudy study = PhantomStudy.of(seed, 0, Dialect.home(seed), defect.recipe(PhantomRecipe.STANDARD));
            PhantomCohort cohort = new PhantomCohort(folder);
            cohort.begin();
            cohort.write(study, defect);
            JsonNode seen = predict(folder.resolve(study.patientId()));
            if (!owed(defect.expected(), seen)) {
                wrong.add(defect + " owes " + words(defect.expected()) + ", got " + words(seen));
            }
            rows.add("| " + defect + " | " + defect.what() + " | "
                    + study.dialect().manufacturer() + " | " + words(defect.expected()) + " | " + words(seen) + " |");
        }
        assertThat(wrong).isEmpty();
        String table = page(rows);
        if (Boolean.getBoolean("walnut.write-tables")) {
            Files.writeString(TABLE, table);
        }
        assertThat(TABLE).content().isEqualTo(table);
    }

    private JsonNode predict(Path study) throws IOException {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        int exit = line.execute(
                "predict",
                study.toString(),
                "--json",
                "--data-dir",
                scratch.resolve("data").toString());
        JsonNode document = new ObjectMapper().readTree(out.toString());
        assertThat(exit)
                .as(err.toString())
                .isEqualTo(document.at("/outcome").asText().equals("COMPLETED") ? ExitCode.DONE : ExitCode.REFUSED);
        return document;
    }

    private static boolean owed(Outcome expected, JsonNode seen) {
        if (expected.isRefusal()) {
            return seen.at("/outcome").asText().equals("NOT_ELIGIBLE")
                    && codes(seen).stream().anyMatch(expected.reasonCodes()::contains);
        }
        // A twin or repeat is numbered 20 above the first, which is 2, 5 or 301.
        int t2w = seen.at("/series/T2W/seriesNumber").asInt();
        boolean later = t2w == 22 || t2w == 25 || t2w == 321;
        boolean rightT2w = expected.t2w() == T2wChoice.ANY || later == (expected.t2w() == T2wChoice.LATER);
        // Nothing completes silently: the other T2W is named among the losers, with the reason.
        boolean explained = expected.t2w() == T2wChoice.ANY || !lostT2w(seen).isEmpty();
        boolean warned = expected.t2w() == T2wChoice.ANY || warnedOf(otherT2w(expected, t2w), expected, seen);
        return seen.at("/outcome").asText().equals("COMPLETED") && rightT2w && explained && warned;
    }

    /** The series number of the T2W that was not chosen. */
    private static int otherT2w(Outcome expected, int chosen) {
        return expected.t2w() == T2wChoice.LATER ? chosen - 20 : chosen + 20;
    }

    /** Exactly one warning, which names the code owed and the series that was not used. */
    private static boolean warnedOf(int seriesNumber, Outcome expected, JsonNode seen) {
        List<String> warnings = warnings(seen);
        return warnings.size() == 1
                && warnings.get(0).startsWith(expected.warningCode().orElseThrow() + ": series " + seriesNumber + " (");
    }

    private static List<String> warnings(JsonNode seen) {
        return StreamSupport.stream(seen.at("/warnings").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** What the evidence of the chosen T2W says of other axial ones. */
    private static List<String> lostT2w(JsonNode seen) {
        return StreamSupport.stream(seen.at("/series/T2W/evidence").spliterator(), false)
                .map(JsonNode::asText)
                .filter(evidence -> evidence.startsWith("lost: ") && !evidence.contains("not axial"))
                .toList();
    }

    private static List<String> codes(JsonNode seen) {
        return StreamSupport.stream(seen.at("/reasons").spliterator(), false)
                .map(reason -> reason.at("/code").asText())
                .toList();
    }

    private static String words(Outcome expected) {
        if (expected.isRefusal()) {
            return "NOT_ELIGIBLE, " + String.join(" or ", expected.reasonCodes());
        }
        String t2w = expected.t2w() == T2wChoice.LATER ? ", the later T2W" : ", the first T2W";
        return "COMPLETED" + t2w
                + expected.warningCode().map(code -> ", warning " + code).orElse("");
    }

    private static String words(JsonNode seen) {
        if (seen.at("/outcome").asText().equals("COMPLETED")) {
            return "COMPLETED, T2W of series "
                    + seen.at("/series/T2W/seriesNumber").asInt()
                    + warnings(seen).stream()
                            .map(warning -> ", warning " + warning)
                            .collect(Collectors.joining());
        }
        return seen.at("/outcome").asText() + ", " + String.join(", ", codes(seen));
    }

    private static String page(List<String> rows) {
        return "# Planted faults\n\n"
                + "Phantoms with something wrong in them: in the anatomy, the physics or the headers. `walnut phantom --fault NAME`\n"
                + "writes one; `PhantomFaultTableTest` runs `walnut predict` with the shipped detector on one of each, fails when\n"
                + "one gets another outcome than it is owed, and writes this table. None completes silently: where a study holds\n"
                + "two T2W, a warning names the one that was not used and why; it is in the JSON, on the first result page and on the\n"
                + "page of the case.\n\n"
                + "| fault | a study with | scanner | owed | seen |\n|---|---|---|---|---|\n"
                + String.join("\n", rows) + "\n";
    }
}
