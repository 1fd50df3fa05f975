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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import walnut.prostate.phantom.PhantomDefect;

/**
 * What {@code walnut predict} makes of every planted fault: none completes silently. The table in docs is what this
 * test saw; {@code -Dwalnut.write-tables=true} writes it.
 */
class PhantomFaultTableTest {
    private static final Path TABLE = Path.of("../docs/phantom-faults.md");

    @TempDir
    Path scratch;

    @Test
    void no_planted_fault_completes_silently() throws IOException {
        List<String> rows = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (PlantedFault fault : PlantedFault.all()) {
            PhantomDefect defect = fault.defect();
            JsonNode seen = predict(fault.writeTo(scratch.resolve(defect.name())));
            if (!fault.isOwed(seen)) {
                wrong.add(defect + " owes " + fault.owedInWords() + ", got " + PlantedFault.inWords(seen));
            }
            rows.add("| " + defect + " | " + defect.what() + " | " + fault.manufacturer() + " | " + fault.owedInWords()
                    + " | " + PlantedFault.inWords(seen) + " |");
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
