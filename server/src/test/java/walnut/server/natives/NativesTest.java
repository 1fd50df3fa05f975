package walnut.server.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

class NativesTest {

    private static final SharedLibrary SQLITE =
            SharedLibrary.allFor(Architecture.X86_64).get(1);

    @TempDir
    Path natives;

    @ParameterizedTest
    @EnumSource
    void unpacks_what_the_jar_holds_for_either_architecture(Architecture architecture) throws Exception {
        for (SharedLibrary library : SharedLibrary.allFor(architecture)) {
            Path folder = Natives.unpack(library, natives);
            assertThat(namesIn(folder)).containsExactlyInAnyOrderElementsOf(library.fileNames());
            for (String name : library.fileNames()) {
                try (InputStream packed = getClass().getClassLoader().getResourceAsStream(library.resources() + name)) {
                    assertThat(packed).isNotNull();
                    assertThat(Files.mismatch(folder.resolve(name), copy(packed)))
                            .isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void folder_is_named_by_the_digest_of_its_sha256sum_listing() throws Exception {
        Path folder = Natives.unpack(SQLITE, natives);
        byte[] library = Files.readAllBytes(folder.resolve("libsqlitejdbc.so"));
        String listing = sha256(library) + "  libsqlitejdbc.so\n";
        assertThat(folder.getFileName()).hasToString(sha256(listing.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void second_start_leaves_the_files_untouched() throws Exception {
        Path file = Natives.unpack(SQLITE, natives).resolve("libsqlitejdbc.so");
        FileTime longAgo = FileTime.fromMillis(0);
        Files.setLastModifiedTime(file, longAgo);
        Natives.unpack(SQLITE, natives);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(longAgo);
    }

    @Test
    void replaces_a_file_that_was_damaged_on_disk() throws Exception {
        Path file = Natives.unpack(SQLITE, natives).resolve("libsqlitejdbc.so");
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = whole.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(file, damaged);

        Path folder = Natives.unpack(SQLITE, natives);

        assertThat(file).hasBinaryContent(whole);
        assertThat(namesIn(folder)).containsExactly("libsqlitejdbc.so");
    }

    @Test
    void refuses_with_a_code_where_the_folder_cannot_be_made() throws Exception {
        Path aFile = Files.createFile(natives.resolve("file"));
        assertThatThrownBy(() -> Natives.unpack(SQLITE, aFile))
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.STORAGE_FAILED));
    }

    @Test
    void names_the_architectures_it_supports_to_whoever_has_another() {
        assertThat(Architecture.named("amd64")).isEqualTo(Architecture.X86_64);
        assertThat(Architecture.named("aarch64")).isEqualTo(Architecture.AARCH64);
        assertThatThrownBy(() -> Architecture.named("riscv64"))
                .hasMessageContaining("x86-64 and arm64")
                .hasMessageContaining("riscv64")
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PLATFORM_UNSUPPORTED));
    }

    private Path copy(InputStream content) throws IOException {
        Path copy = Files.createTempFile(natives, "packed", "");
        Files.copy(content, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return copy;
    }

    private static List<String> namesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static String sha256(byte[] content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    }
}
