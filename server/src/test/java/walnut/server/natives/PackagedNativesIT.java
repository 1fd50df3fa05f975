package walnut.server.natives;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one jar carries both Linux architectures and nothing else, and a process started from it loads them in place. */
class PackagedNativesIT {

    private static final Path JAR = Path.of("target", "walnut.jar");

    /** e_machine of the ELF header (System V ABI, chapter 4). */
    private static final Map<Integer, String> MACHINES = Map.of(62, "x86-64", 183, "aarch64");

    @Test
    void carries_every_library_for_x86_64_and_arm64_and_no_other_machine() throws Exception {
        Map<String, String> expected = new TreeMap<>();
        Map<Architecture, String> machineOf = Map.of(Architecture.X86_64, "x86-64", Architecture.AARCH64, "aarch64");
        machineOf.forEach((architecture, machine) -> SharedLibrary.allFor(architecture).stream()
                .flatMap(library -> library.fileNames().stream().map(name -> library.resources() + name))
                .forEach(entry -> expected.put(entry, machine)));

        Map<String, String> found = new TreeMap<>();
        try (JarFile jar = new JarFile(JAR.toFile())) {
            for (ZipEntry entry : jar.stream().toList()) {
                byte[] head;
                try (InputStream in = jar.getInputStream(entry)) {
                    head = in.readNBytes(20);
                }
                if (head.length == 20 && ByteBuffer.wrap(head).getInt() == 0x7F454C46) {
                    found.put(entry.getName(), machine(head));
                }
            }
        }
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void carries_nothing_for_macos_or_windows() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(jar.stream().map(ZipEntry::getName))
                    .hasSizeGreaterThan(1000)
                    .noneMatch(name -> name.matches(".*\\.(dll|dylib|jnilib|exe|pdb|a)"))
                    .noneMatch(name -> name.contains(".dSYM"));
        }
    }

    @Test
    void a_process_maps_them_from_the_data_directory_and_leaves_no_copy_behind(@TempDir Path scratch) throws Exception {
        Path dataDir = scratch.resolve("data");
        Path tmp = Files.createDirectory(scratch.resolve("tmp"));
        Path output = scratch.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + tmp,
                        "-cp",
                        JAR + File.pathSeparator + Path.of("target", "test-classes"),
                        LoadEveryNative.class.getName(),
                        dataDir.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(output, UTF_8);
        assertThat(process.exitValue()).as(said).isZero();

        List<String> ours = said.lines()
                .filter(line -> line.matches(".*(onnxruntime|sqlite|jnidispatch).*\\.so"))
                .toList();
        assertThat(ours)
                .as(said)
                .hasSize(4)
                .allMatch(line -> line.startsWith(dataDir.resolve("native").toString()));
        assertThat(filesBelow(tmp)).isEmpty();
    }

    private static String machine(byte[] head) {
        assertThat(head[4]).as("EI_CLASS: 64-bit").isEqualTo((byte) 2);
        assertThat(head[5]).as("EI_DATA: little-endian").isEqualTo((byte) 1);
        int machine = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getShort(18);
        return MACHINES.getOrDefault(machine, "machine " + machine);
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return new ArrayList<>(paths.filter(Files::isRegularFile).toList());
        }
    }
}
