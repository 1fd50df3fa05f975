package walnut.models.findings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import walnut.models.TestPackages;
import walnut.models.passport.Passport;
import walnut.models.passport.Passport.Candidates.CandidateGrid;
import walnut.models.passport.Passport.Candidates.Rule;
import walnut.models.tensor.Npy;
import walnut.volume.Lps;
import walnut.volume.Nifti;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

class CandidateRuleTest {
    private static final Path VECTORS = TestPackages.resource("findings");
    private static final Passport.Candidates PUBLISHED =
            new Passport.Candidates(Rule.DYNAMIC, 2, CandidateGrid.MODEL, 5, 0.01, 2.5, 11);

    /** Vectors of make_candidate_vectors.py, an implementation on scipy's labelling. */
    @ParameterizedTest
    @MethodSource("vectors")
    void finds_what_the_published_rule_finds(JsonNode vector) throws IOException {
        Volume heatmap = heatmap(vector.get("name").asText());

        List<Candidate> found = new CandidateRule(PUBLISHED).apply(heatmap);

        JsonNode expected = vector.get("candidates");
        assertThat(found).hasSize(expected.size());
        for (int n = 0; n < found.size(); n++) {
            Candidate candidate = found.get(n);
            JsonNode want = expected.get(n);
            assertThat((double) candidate.confidence())
                    .isEqualTo(want.get("confidence").asDouble());
            assertThat(candidate.voxels()).hasSize(want.get("voxels").asInt());
            assertThat(candidate.voxels()[0]).isEqualTo(want.get("first").asInt());
            assertThat(Arrays.stream(candidate.voxels()).sum())
                    .isEqualTo(want.get("sumOfOffsets").asInt());
        }
    }

    static Stream<JsonNode> vectors() throws IOException {
        JsonNode file =
                TestPackages.JSON.readTree(VECTORS.resolve("candidates.json").toFile());
        assertThat(file.get("cases").size()).isGreaterThanOrEqualTo(14);
        return java.util.stream.StreamSupport.stream(file.get("cases").spliterator(), false);
    }

    /** Version 1 stopped when the hottest blob was too small; version 2 goes on to the next. */
    @Test
    void goes_on_below_a_blob_that_is_too_small() {
        float[] values = new float[6 * 18 * 22];
        values[0] = 0.9f;
        Arrays.fill(values, 484, 499, 0.3f);

        List<Candidate> found = new CandidateRule(PUBLISHED).apply(new Volume(grid(), values));

        assertThat(found).singleElement().satisfies(candidate -> {
            assertThat(candidate.confidence()).isEqualTo(0.3f);
            assertThat(candidate.voxels()).hasSize(15);
        });
    }

    @Property(tries = 100)
    void candidates_never_touch_and_fall_in_confidence(@ForAll long seed) {
        java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
        float[] values = new float[6 * 18 * 22];
        for (int n = 0; n < values.length; n++) {
            values[n] = random.nextInt(10) == 0 ? random.nextInt(256) / 256f : 0;
        }
        Passport.Candidates small = new Passport.Candidates(Rule.DYNAMIC, 2, CandidateGrid.MODEL, 5, 0.01, 2.5, 2);

        List<Candidate> found = new CandidateRule(small).apply(new Volume(grid(), values));

        boolean[] union = new boolean[values.length];
        int voxels = 0;
        for (Candidate candidate : found) {
            for (int offset : candidate.voxels()) {
                union[offset] = true;
                voxels++;
            }
        }
        ConnectedComponents parts = ConnectedComponents.of(grid(), offset -> union[offset]);
        assertThat(sizes(parts)).hasSameSizeAs(found);
        assertThat(sizes(parts).stream().mapToInt(Integer::intValue).sum()).isEqualTo(voxels);
        for (int n = 1; n < found.size(); n++) {
            assertThat(found.get(n).confidence())
                    .isLessThanOrEqualTo(found.get(n - 1).confidence());
        }
    }

    /** PI-CAI's detection maps hold candidates already cut out: the rule must find each of them, as it is. */
    @Test
    void finds_the_candidates_of_picai_eval_s_detection_maps() throws IOException {
        Path maps = walnut.testing.SharedData.require("data/picai_eval/test-maps");
        int candidates = 0;
        for (int n = 0; n < 10; n++) {
            Volume map = Nifti.read(maps.resolve("case-" + n + "_detection_map.nii.gz"));
            ConnectedComponents components = ConnectedComponents.of(map.geometry(), offset -> map.values()[offset] > 0);
            List<Candidate> found = new CandidateRule(PUBLISHED).apply(map);
            assertThat(found.stream().map(candidate -> candidate.voxels().length))
                    .containsExactlyInAnyOrderElementsOf(sizes(components));
            candidates += found.size();
        }
        assertThat(candidates).isGreaterThan(5);
    }

    private static List<Integer> sizes(ConnectedComponents components) {
        return IntStream.range(0, components.count()).mapToObj(components::size).toList();
    }

    private static Volume heatmap(String name) throws IOException {
        try (var stream = Files.newInputStream(VECTORS.resolve(name + ".npy"))) {
            return new Volume(grid(), Npy.read(stream, name, 0.005, 6, 18, 22).toArray());
        }
    }

    private static VolumeGeometry grid() {
        return new VolumeGeometry(
                22, 18, 6, 1, 1, 3, new Lps(0, 0, 0), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1));
    }
}
