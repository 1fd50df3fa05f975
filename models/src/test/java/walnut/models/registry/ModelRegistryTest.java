package walnut.models.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.TestPackages;
import walnut.models.passport.ModelPackage;

class ModelRegistryTest {
    @TempDir
    Path scratch;

    @Test
    void installs_what_is_shipped() throws IOException {
        ModelRegistry registry = registry();

        assertThat(registry.list())
                .extracting(found -> found.passport().id())
                .containsExactlyInAnyOrderElementsOf(ModelRegistry.shippedIds());
        assertThat(registry.problems()).isEmpty();
    }

    /** A package with its graph beside it is finished and must be listed, or nobody would get it. */
    @Test
    void ships_every_finished_package_of_the_sources() throws IOException {
        try (Stream<Path> packages = Files.list(Path.of("packages"))) {
            List<String> finished = packages.filter(folder -> Files.exists(folder.resolve("detector.onnx")))
                    .map(folder -> folder.getFileName().toString())
                    .toList();
            assertThat(ModelRegistry.shippedIds()).containsAll(finished);
        }
    }

    @Test
    void keeps_a_package_under_its_digest() {
        Path source = TestPackages.tiny(scratch.resolve("source"), "tiny");
        ModelPackage installed = registry().install(source);

        assertThat(scratch.resolve("models").resolve(installed.digest())).isDirectory();
        assertThat(installed.digest()).isEqualTo(ModelPackage.open(source).digest());
        assertThat(registry().find("tiny").digest()).isEqualTo(installed.digest());
        assertThat(registry().find("tiny@0.1.0").digest()).isEqualTo(installed.digest());
        assertThat(registry().find(installed.digest().substring(0, 8)).digest()).isEqualTo(installed.digest());
        assertThat(registry().find(source.toString()).digest()).isEqualTo(installed.digest());
    }

    @Test
    void installing_twice_changes_nothing_and_leaves_nothing_behind() throws IOException {
        Path source = TestPackages.tiny(scratch.resolve("source"), "tiny");
        registry().install(source);
        registry().install(source);

        try (Stream<Path> entries = Files.list(scratch.resolve("models"))) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .hasSize(1 + ModelRegistry.shippedIds().size())
                    .allMatch(name -> name.matches("[0-9a-f]{64}"));
        }
    }

    @Test
    void finds_the_newest_version_of_an_id() {
        ModelRegistry registry = registry();
        registry.install(TestPackages.tiny(scratch.resolve("a"), "tiny", json -> json.put("version", "0.9.0")));
        registry.install(TestPackages.tiny(scratch.resolve("b"), "tiny", json -> json.put("version", "0.10.0")));

        assertThat(registry.find("tiny").passport().version()).isEqualTo("0.10.0");
        assertThat(registry.find("tiny@0.9.0").passport().version()).isEqualTo("0.9.0");
    }

    @Test
    void asks_for_a_digest_where_a_name_could_be_two() {
        ModelRegistry registry = registry();
        registry.install(TestPackages.tiny(scratch.resolve("a"), "tiny"));
        registry.install(TestPackages.tiny(scratch.resolve("b"), "tiny", json -> json.put("summary", "Another.")));

        assertThatThrownBy(() -> registry.find("tiny"))
                .isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(failure.code())
                        .isEqualTo(FailureCode.INVALID_ARGUMENT))
                .hasMessageContaining("give a digest");
    }

    /** As after an update of Walnut whose package kept its version. */
    @Test
    void of_two_packages_of_one_version_the_shipped_one_is_meant() {
        ModelRegistry registry = registry();
        ModelPackage shipped = registry.find(ModelRegistry.shippedIds().get(0));
        registry.install(TestPackages.tiny(scratch.resolve("older"), "tiny", json -> json.put(
                        "id", shipped.passport().id())
                .put("version", shipped.passport().version())));

        assertThat(registry.find(shipped.passport().id()).digest()).isEqualTo(shipped.digest());
    }

    @Test
    void says_what_there_is_when_a_model_is_unknown() {
        ModelRegistry registry = registry();
        registry.install(TestPackages.tiny(scratch.resolve("a"), "tiny"));

        assertThatThrownBy(() -> registry.find("giant"))
                .isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(failure.code())
                        .isEqualTo(FailureCode.MODEL_NOT_FOUND))
                .hasMessageContaining("tiny@0.1.0");
    }

    @Test
    void names_a_package_damaged_on_disk_serves_it_no_more_and_takes_it_anew() throws IOException {
        Path source = TestPackages.tiny(scratch.resolve("source"), "tiny");
        ModelPackage installed = registry().install(source);
        Path onnx = scratch.resolve("models").resolve(installed.digest()).resolve("detector.onnx");
        Files.write(onnx, new byte[] {1, 2, 3});

        assertThatThrownBy(() -> registry().find("tiny")).isInstanceOf(WalnutException.class);
        assertThat(registry().problems()).singleElement().satisfies(problem -> assertThat(problem.sentence())
                .contains(installed.digest(), "detector.onnx"));

        registry().install(source);
        assertThat(registry().problems()).isEmpty();
        assertThat(registry().find("tiny").digest()).isEqualTo(installed.digest());
    }

    @Test
    void a_passport_edited_in_place_is_no_longer_that_package() throws IOException {
        ModelPackage installed = registry().install(TestPackages.tiny(scratch.resolve("source"), "tiny"));
        Path passport = scratch.resolve("models").resolve(installed.digest()).resolve("passport.json");
        Files.writeString(passport, Files.readString(passport).replace("\"SYNTHETIC\"", "\"SCORE\""));

        assertThat(registry().list()).extracting(ModelPackage::digest).doesNotContain(installed.digest());
        assertThat(registry().problems()).singleElement().satisfies(problem -> assertThat(problem.code())
                .isEqualTo(FailureCode.MODEL_DIGEST_MISMATCH));
    }

    private ModelRegistry registry() {
        return ModelRegistry.open(scratch.resolve("models"));
    }
}
