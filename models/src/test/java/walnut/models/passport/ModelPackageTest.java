package walnut.models.passport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.TestPackages;

class ModelPackageTest {
    @TempDir
    Path scratch;

    private Path good;

    @BeforeEach
    void make_a_good_package() {
        good = TestPackages.tiny(scratch.resolve("good"), "tiny");
    }

    @Test
    void opens_a_directory_and_its_zip_under_one_digest() {
        ModelPackage directory = ModelPackage.open(good);
        Path zip = scratch.resolve("good.zip");
        PackageWriter.zip(directory, zip);

        ModelPackage zipped = ModelPackage.open(zip);

        assertThat(zipped.digest()).isEqualTo(directory.digest()).matches("[0-9a-f]{64}");
        assertThat(zipped.read("detector.onnx")).isEqualTo(directory.read("detector.onnx"));
        assertThat(zipped.onnxSha256()).isEqualTo(TestPackages.sha256(directory.read("detector.onnx")));
    }

    @Test
    void zips_to_the_same_bytes_every_time() throws IOException {
        ModelPackage directory = ModelPackage.open(good);
        PackageWriter.zip(directory, scratch.resolve("a.zip"));
        PackageWriter.zip(directory, scratch.resolve("b.zip"));

        assertThat(scratch.resolve("a.zip")).hasSameBinaryContentAs(scratch.resolve("b.zip"));
    }

    @Test
    void the_digest_is_that_of_the_content_not_of_the_layout() throws IOException {
        String digest = ModelPackage.open(good).digest();
        Path passport = good.resolve("passport.json");
        Files.writeString(
                passport, TestPackages.JSON.readTree(passport.toFile()).toString());
        assertThat(ModelPackage.open(good).digest()).isEqualTo(digest);

        edit(json -> json.put("summary", "Another."));
        assertThat(ModelPackage.open(good).digest()).isNotEqualTo(digest);
    }

    @Test
    void refuses_one_byte_changed() throws IOException {
        byte[] onnx = Files.readAllBytes(good.resolve("detector.onnx"));
        onnx[onnx.length / 2] ^= 1;
        Files.write(good.resolve("detector.onnx"), onnx);

        assertRefused(good, FailureCode.MODEL_DIGEST_MISMATCH, "detector.onnx has SHA-256");
    }

    @Test
    void refuses_a_file_that_changes_after_it_was_verified() throws IOException {
        ModelPackage opened = ModelPackage.open(good);
        Files.write(good.resolve("detector.onnx"), new byte[] {1});

        assertThatThrownBy(() -> opened.read("detector.onnx"))
                .isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(failure.code())
                        .isEqualTo(FailureCode.MODEL_DIGEST_MISMATCH))
                .hasMessageContaining("changed after it was verified");
    }

    @Test
    void refuses_a_file_that_is_missing_and_one_too_many() throws IOException {
        Files.move(good.resolve("detector.onnx"), good.resolve("other.onnx"));

        assertThat(ModelPackage.inspect(good).problems())
                .extracting(PackageProblem::sentence)
                .satisfiesExactlyInAnyOrder(
                        sentence -> assertThat(sentence).contains("lacks detector.onnx"),
                        sentence -> assertThat(sentence).contains("holds other.onnx"));
    }

    @Test
    void refuses_a_graph_that_no_list_protects() throws IOException {
        edit(json -> json.set("files", TestPackages.JSON.createArrayNode()));

        assertRefused(good, FailureCode.MODEL_PACKAGE_INVALID, "uses detector.onnx but does not list it");
    }

    @Test
    void refuses_links() throws IOException {
        Files.createSymbolicLink(good.resolve("card.md"), Path.of("passport.json"));

        assertRefused(good, FailureCode.MODEL_PACKAGE_INVALID, "which is a link");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil.onnx",
                "golden/../../evil.onnx",
                "/etc/evil",
                "golden\\..\\evil",
                "C:/evil",
                ".hidden",
                "a//b",
                "a/./b"
            })
    void refuses_paths_that_climb_out_of_a_zip(String path) throws IOException {
        Path zip = scratch.resolve("evil.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            put(entries, "passport.json", Files.readAllBytes(good.resolve("passport.json")));
            put(entries, path, new byte[] {1});
        }

        assertRefused(zip, FailureCode.MODEL_PACKAGE_INVALID, "which may climb out");
    }

    /** 64 MB of zeros in 64 kB of zip, declared as the 762 bytes of the real file: read no further than declared. */
    @Test
    void stops_reading_a_zip_bomb_where_the_passport_says_it_ends() throws IOException {
        Path zip = scratch.resolve("bomb.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            put(entries, "passport.json", Files.readAllBytes(good.resolve("passport.json")));
            entries.putNextEntry(new ZipEntry("detector.onnx"));
            byte[] zeros = new byte[1 << 20];
            for (int n = 0; n < 64; n++) {
                entries.write(zeros);
            }
            entries.closeEntry();
        }

        assertRefused(zip, FailureCode.MODEL_DIGEST_MISMATCH, "longer than the 762 bytes");
    }

    @Test
    void refuses_a_passport_that_is_a_bomb() throws IOException {
        Path zip = scratch.resolve("bomb.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            put(entries, "passport.json", new byte[PassportReader.MAXIMUM_BYTES + 100]);
        }

        assertRefused(zip, FailureCode.MODEL_PACKAGE_INVALID, "passport.json has");
    }

    @Test
    void refuses_a_package_that_declares_more_than_fits() throws IOException {
        edit(json -> ((ObjectNode) ((ArrayNode) json.get("files")).get(0)).put("size", 1L << 40));

        assertRefused(good, FailureCode.MODEL_PACKAGE_INVALID, "declares more than");
    }

    @Test
    void refuses_too_many_files() throws IOException {
        Path zip = scratch.resolve("many.zip");
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            for (int n = 0; n <= PackageSource.MAXIMUM_FILES; n++) {
                put(entries, "f" + n, new byte[0]);
            }
        }

        assertRefused(zip, FailureCode.MODEL_PACKAGE_INVALID, "more than 1000 files");
    }

    @Test
    void refuses_what_is_no_package_at_all() throws IOException {
        Path text = Files.writeString(scratch.resolve("note.txt"), "not a zip");
        Path folder = Files.createDirectory(scratch.resolve("empty"));

        assertRefused(text, FailureCode.MODEL_PACKAGE_INVALID, "not a readable zip");
        assertRefused(folder, FailureCode.MODEL_PACKAGE_INVALID, "no passport.json at its top");
        assertRefused(scratch.resolve("nowhere"), FailureCode.MODEL_NOT_FOUND, "no model package at nowhere");
    }

    @Test
    void packing_lists_every_file() throws IOException {
        Files.writeString(good.resolve("card.md"), "# Card\n", StandardCharsets.UTF_8);

        PackageWriter.seal(good, PackageWriter.passportOf(good));

        assertThat(ModelPackage.open(good).paths()).containsExactlyInAnyOrder("card.md", "detector.onnx");
    }

    private void assertRefused(Path path, FailureCode code, String said) {
        assertThatThrownBy(() -> ModelPackage.open(path))
                .isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(failure.code())
                        .isEqualTo(code))
                .hasMessageContaining(said);
    }

    private void edit(java.util.function.Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode)
                TestPackages.JSON.readTree(good.resolve("passport.json").toFile());
        change.accept(json);
        TestPackages.write(good, json);
    }

    private static void put(ZipOutputStream entries, String path, byte[] bytes) throws IOException {
        entries.putNextEntry(new ZipEntry(path));
        entries.write(bytes);
        entries.closeEntry();
    }
}
