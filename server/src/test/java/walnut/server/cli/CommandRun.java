package walnut.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine;

/** A command that was run in this process: its exit code and what it printed where. */
record CommandRun(int exit, String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static CommandRun of(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String[] words = new String[arguments.length];
        for (int at = 0; at < words.length; at++) {
            words[at] = arguments[at].toString();
        }
        return new CommandRun(line.execute(words), out.toString(), err.toString());
    }

    /** Stdout as the one JSON document it must be. */
    JsonNode json() throws IOException {
        return JSON.readTree(out);
    }

    /** What docs/schemas/NAME.schema.json has against stdout. */
    Set<ValidationMessage> violationsOf(String name) throws IOException {
        Path schema = Path.of("../docs/schemas", name + ".schema.json");
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(schema))
                .validate(json());
    }
}
