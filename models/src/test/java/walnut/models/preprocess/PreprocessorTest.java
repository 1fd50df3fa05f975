package walnut.models.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.TestPackages;
import walnut.models.passport.Passport;
import walnut.models.passport.PassportReader;
import walnut.models.tensor.Npy;
import walnut.models.tensor.Tensor;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

class PreprocessorTest {
    private static final Path REFERENCE = TestPackages.resource("preprocess");

    /** Against make_preprocessing_reference.py (numpy 2.4.6, scipy 1.17.1). */
    @Test
    void equals_scipy_and_numpy_on_oblique_volumes() throws IOException {
        JsonNode reference =
                TestPackages.JSON.readTree(REFERENCE.resolve("reference.json").toFile());
        Passport passport = passport(reference);
        float[] expected = read("expected.npy", 1, 3, 8, 16, 20).toArray();

        ModelInput input = Preprocessor.prepare(passport, volumes(reference));

        float[] found = input.tensors().get(0).toArray();
        assertThat(found).hasSameSizeAs(expected);
        double largest = 0;
        for (int n = 0; n < found.length; n++) {
            largest = Math.max(largest, Math.abs((double) found[n] - expected[n]));
        }
        assertThat(largest).isLessThan(1e-5);
        Lps origin = input.grid().origin();
        assertThat(origin.x()).isCloseTo(reference.at("/gridOrigin/0").asDouble(), within(1e-9));
        assertThat(origin.y()).isCloseTo(reference.at("/gridOrigin/1").asDouble(), within(1e-9));
        assertThat(origin.z()).isCloseTo(reference.at("/gridOrigin/2").asDouble(), within(1e-9));
    }

    /** Against make_preprocessing_reference.py: a patch, with the statistics of the whole grid. */
    @Test
    void equals_scipy_and_numpy_round_a_point() throws IOException {
        JsonNode reference =
                TestPackages.JSON.readTree(REFERENCE.resolve("reference.json").toFile());
        JsonNode at = reference.at("/patch/point");
        Lps point =
                new Lps(at.get(0).asDouble(), at.get(1).asDouble(), at.get(2).asDouble());
        float[] expected = read("expected-patch.npy", 1, 3, 4, 10, 12).toArray();

        ModelInput patch = Preprocessor.of(pointPassport(reference, true), volumes(reference))
                .around(point);

        float[] found = patch.tensors().get(0).toArray();
        assertThat(found).hasSameSizeAs(expected);
        for (int n = 0; n < found.length; n++) {
            assertThat((double) found[n]).isCloseTo(expected[n], within(1e-5));
        }
        assertThat(patch.grid().centre().minus(point).length()).isLessThan(1e-9);
    }

    @Test
    void a_patch_without_a_grid_of_its_own_is_treated_by_its_own_statistics() throws IOException {
        JsonNode reference =
                TestPackages.JSON.readTree(REFERENCE.resolve("reference.json").toFile());
        Lps point = new Lps(14.25, -29.5, 41);

        float[] own = Preprocessor.of(pointPassport(reference, false), volumes(reference))
                .around(point)
                .tensors()
                .get(0)
                .toArray();

        double sum = 0;
        for (int n = 0; n < 480; n++) {
            sum += own[n];
        }
        assertThat(sum / 480).as("mean of the standardised T2W patch").isCloseTo(0, within(0.2));
    }

    private static Passport pointPassport(JsonNode reference, boolean normalisationGrid) throws IOException {
        ObjectNode passport = TestPackages.tinyPassport();
        passport.set("grid", reference.get("grid").deepCopy());
        passport.set("channels", reference.get("channels"));
        TestPackages.asPointPassport(passport, "finder");
        ((ObjectNode) passport.get("grid")).set("size", reference.at("/patch/size"));
        ((ObjectNode) passport.at("/inputs/0")).set("shape", TestPackages.JSON.readTree("[1,3,4,10,12]"));
        if (normalisationGrid) {
            passport.set("normalisationGrid", reference.get("grid"));
        }
        return PassportReader.read(passport.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void gives_the_same_bits_twice() throws IOException {
        JsonNode reference =
                TestPackages.JSON.readTree(REFERENCE.resolve("reference.json").toFile());

        assertThat(Preprocessor.prepare(passport(reference), volumes(reference)).sha256())
                .isEqualTo(Preprocessor.prepare(passport(reference), volumes(reference))
                        .sha256());
    }

    @Test
    void one_voxel_changed_changes_the_digest() throws IOException {
        JsonNode reference =
                TestPackages.JSON.readTree(REFERENCE.resolve("reference.json").toFile());
        Map<String, Volume> volumes = volumes(reference);
        Volume adc = volumes.get("ADC");
        float[] touched = adc.values().clone();
        touched[touched.length / 2] += 1;
        Map<String, Volume> other = new HashMap<>(volumes);
        other.put("ADC", new Volume(adc.geometry(), touched));

        assertThat(Preprocessor.prepare(passport(reference), other).sha256())
                .isNotEqualTo(Preprocessor.prepare(passport(reference), volumes).sha256());
    }

    /** The z-score forgets scanner gain and offset; ADC is physical and keeps them. */
    @Property(tries = 20)
    void gain_does_not_move_t2w_but_does_move_adc(@ForAll @FloatRange(min = 0.5f, max = 1.5f) float gain)
            throws IOException {
        JsonNode reference =
                TestPackages.JSON.readTree(REFERENCE.resolve("reference.json").toFile());
        Passport passport = passport(reference);
        Map<String, Volume> volumes = volumes(reference);
        Map<String, Volume> scaled = new HashMap<>();
        volumes.forEach((name, volume) -> scaled.put(name, times(volume, gain)));

        float[] before =
                Preprocessor.prepare(passport, volumes).tensors().get(0).toArray();
        float[] after = Preprocessor.prepare(passport, scaled).tensors().get(0).toArray();

        int voxels = before.length / 3;
        int middle = (4 * 16 + 8) * 20 + 10;
        assertThat((double) after[middle]).isCloseTo(before[middle], within(1e-4));
        double adc = before[voxels + middle] * 450 + 1300;
        double expected = (Math.min(adc * gain, 3000) - 1300) / 450;
        if (adc < 2999) {
            assertThat((double) after[voxels + middle]).isCloseTo(expected, within(1e-3));
        }
    }

    @Test
    void refuses_a_channel_that_is_missing() throws IOException {
        JsonNode reference =
                TestPackages.JSON.readTree(REFERENCE.resolve("reference.json").toFile());
        Map<String, Volume> volumes = new HashMap<>(volumes(reference));
        volumes.remove("HBV");

        assertThatThrownBy(() -> Preprocessor.prepare(passport(reference), volumes))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("HBV");
    }

    @Test
    void refuses_a_volume_without_a_picture() throws IOException {
        JsonNode reference =
                TestPackages.JSON.readTree(REFERENCE.resolve("reference.json").toFile());
        Map<String, Volume> volumes = new HashMap<>(volumes(reference));
        volumes.put("T2W", times(volumes.get("T2W"), 0));

        assertThatThrownBy(() -> Preprocessor.prepare(passport(reference), volumes))
                .isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(failure.code())
                        .isEqualTo(FailureCode.VOLUME_CONSTANT))
                .hasMessageContaining("T2W");
    }

    @Test
    void refuses_values_that_are_not_numbers() throws IOException {
        JsonNode reference =
                TestPackages.JSON.readTree(REFERENCE.resolve("reference.json").toFile());
        Map<String, Volume> volumes = new HashMap<>(volumes(reference));
        volumes.put("ADC", times(volumes.get("ADC"), Float.NaN));

        assertThatThrownBy(() -> Preprocessor.prepare(passport(reference), volumes))
                .isInstanceOfSatisfying(WalnutException.class, failure -> assertThat(failure.code())
                        .isEqualTo(FailureCode.VOLUME_NOT_FINITE));
    }

    @Test
    void percentiles_interpolate_between_ranks() {
        double[] values = {4, 1, 8, 2};
        assertThat(Normalisation.percentile(values, 0)).isEqualTo(1);
        assertThat(Normalisation.percentile(values, 50)).isEqualTo(3);
        assertThat(Normalisation.percentile(values, 90)).isCloseTo(6.8, within(1e-12));
        assertThat(Normalisation.percentile(values, 100)).isEqualTo(8);
    }

    @Property(tries = 200)
    void a_percentile_is_the_one_of_the_sorted_values(
            @ForAll @net.jqwik.api.constraints.Size(min = 1, max = 60)
                    java.util.List<@net.jqwik.api.constraints.IntRange(min = -9, max = 9) Integer> drawn,
            @ForAll @net.jqwik.api.constraints.DoubleRange(max = 100) double percent) {
        double[] values = drawn.stream().mapToDouble(Integer::doubleValue).toArray();
        double[] ranked = values.clone();
        java.util.Arrays.sort(ranked);
        double rank = percent / 100 * (ranked.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, ranked.length - 1);
        double expected = ranked[below] + (ranked[above] - ranked[below]) * (rank - below);

        assertThat(Normalisation.percentile(values, percent)).isEqualTo(expected);
    }

    @Test
    void a_box_takes_the_voxels_whose_centre_lies_in_it() {
        // 96 rows of 1 mm, box of 60 mm: centres at ±0.5 … ±29.5 mm.
        assertThat(Normalisation.Range.around(96, 1, 60)).isEqualTo(new Normalisation.Range(18, 77));
        // 20 slices of 3 mm, box of 36 mm: centres at ±1.5 … ±16.5 mm.
        assertThat(Normalisation.Range.around(20, 3, 36)).isEqualTo(new Normalisation.Range(4, 15));
        assertThat(Normalisation.Range.around(5, 3, 1000)).isEqualTo(new Normalisation.Range(0, 4));
        assertThat(Normalisation.Range.around(5, 3, 0.1)).isEqualTo(new Normalisation.Range(2, 2));
    }

    private static Passport passport(JsonNode reference) throws IOException {
        ObjectNode passport = TestPackages.tinyPassport();
        passport.set("grid", reference.get("grid"));
        passport.set("channels", reference.get("channels"));
        ((ObjectNode) passport.at("/inputs/0")).set("shape", TestPackages.JSON.readTree("[1,3,8,16,20]"));
        ((ObjectNode) passport.at("/outputs/0")).set("shape", TestPackages.JSON.readTree("[1,1,8,16,20]"));
        ((ObjectNode) passport.at("/outputs/1")).set("shape", TestPackages.JSON.readTree("[1,3,8,16,20]"));
        return PassportReader.read(passport.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Volume> volumes(JsonNode reference) throws IOException {
        Map<String, Volume> volumes = new HashMap<>();
        for (var entry : reference.get("volumes").properties()) {
            JsonNode g = entry.getValue();
            int columns = g.get("columns").asInt();
            int rows = g.get("rows").asInt();
            int slices = g.get("slices").asInt();
            JsonNode d = g.get("directions");
            VolumeGeometry geometry = new VolumeGeometry(
                    columns,
                    rows,
                    slices,
                    g.at("/spacingIjk/0").asDouble(),
                    g.at("/spacingIjk/1").asDouble(),
                    g.at("/spacingIjk/2").asDouble(),
                    new Lps(
                            g.at("/origin/0").asDouble(),
                            g.at("/origin/1").asDouble(),
                            g.at("/origin/2").asDouble()),
                    column(d, 0),
                    column(d, 1),
                    column(d, 2));
            volumes.put(
                    entry.getKey(),
                    new Volume(
                            geometry,
                            read(g.get("file").asText(), slices, rows, columns).toArray()));
        }
        return volumes;
    }

    private static Lps column(JsonNode matrix, int column) {
        return new Lps(
                matrix.get(0).get(column).asDouble(),
                matrix.get(1).get(column).asDouble(),
                matrix.get(2).get(column).asDouble());
    }

    private static Tensor read(String file, long... shape) throws IOException {
        try (var stream = Files.newInputStream(REFERENCE.resolve(file))) {
            return Npy.read(stream, file, 1, shape);
        }
    }

    private static Volume times(Volume volume, float factor) {
        float[] values = volume.values().clone();
        for (int n = 0; n < values.length; n++) {
            values[n] *= factor;
        }
        return new Volume(volume.geometry(), values);
    }
}
