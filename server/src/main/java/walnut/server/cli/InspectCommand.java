package walnut.server.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import walnut.prostate.series.StudyFolder;

/** Says what the studies below a folder hold: series, roles and why, b-values, geometry, problems. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Say what the studies below a folder hold: series with their roles and why, b-values, geometry, "
                + "and what is wrong with them.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:done", "1:no DICOM instance below the folder", "2:usage"})
public final class InspectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "folder with DICOM files, read with everything below it")
    private Path folder = Path.of(".");

    @Option(names = "--json", description = "one JSON document on stdout (docs/schemas/inspect.schema.json)")
    private boolean json;

    @Option(names = "--pixels", description = "decode the pixels too and print the digest of each instance")
    private boolean pixels;

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        StudyFolder studies = StudyFolder.read(folder, TerminalProgress.of("headers"));
        if (json) {
            out.println(new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(InspectDocument.of(studies, pixels)));
        } else {
            InspectTree.print(studies, pixels, out);
        }
        out.flush();
        return studies.studies().isEmpty() ? ExitCode.FAILED : ExitCode.DONE;
    }
}
