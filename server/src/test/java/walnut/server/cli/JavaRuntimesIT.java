package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar under two Java runtimes: other JDK in the fingerprint, every digest and every finding the same. */
class JavaRuntimesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path RUNTIMES = Path.of("/usr/lib/jvm");

    @TempDir
    private Path scratch;

    @Test
    void a_prediction_is_the_same_bits_on_another_java_runtime() throws Exception {
        Path here = Path.of(System.getProperty("java.home"));
        Path other = otherRuntime(here).orElse(null);
        Assumptions.assumeTrue(other != null, "another Java runtime than this one, 17 or 25");
        Path study = Phantoms.one(scratch.resolve("phantom"), 910_000);

        JsonNode one = predict(here, study);
        JsonNode two = predict(other, study);

        assertThat(two.at("/runtime/jdk").asText())
                .isNotEqualTo(one.at("/runtime/jdk").asText());
        assertThat(one.path("outcome").asText()).isEqualTo("COMPLETED");
        assertThat(two.path("digests")).isEqualTo(one.path("digests"));
        assertThat(two.path("findings")).isEqualTo(one.path("findings"));
        assertThat(two.path("gates")).isEqualTo(one.path("gates"));
        assertThat(two.path("caseScore")).isEqualTo(one.path("caseScore"));
    }

    /** By the major version in the runtime's release file: 25 under 17, 17 under anything else. */
    private static Optional<Path> otherRuntime(Path here) throws IOException {
        String wanted = System.getProperty("java.specification.version").equals("17") ? "\"25" : "\"17";
        if (!Files.isDirectory(RUNTIMES)) {
            return Optional.empty();
        }
        try (Stream<Path> homes = Files.list(RUNTIMES)) {
            return homes.filter(home -> Files.isExecutable(home.resolve("bin/java")))
                    .filter(home -> release(home).stream().anyMatch(line -> line.startsWith("JAVA_VERSION=" + wanted)))
                    .filter(home -> !home.equals(here))
                    .sorted()
                    .findFirst();
        }
    }

    private static List<String> release(Path home) {
        try {
            return Files.isReadable(home.resolve("release")) ? Files.readAllLines(home.resolve("release")) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    private JsonNode predict(Path javaHome, Path study) throws Exception {
        Path out = Files.createTempFile(scratch, "out", ".json");
        List<String> command = new java.util.ArrayList<>(WalnutJar.builder(
                        "predict",
                        study.toString(),
                        "--json",
                        "--data-dir",
                        scratch.resolve("data").toString())
                .command());
        command.set(0, javaHome.resolve("bin/java").toString());
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        return JSON.readTree(out.toFile());
    }
}
