package walnut.models.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walnut.models.TestPackages;
import walnut.models.inference.ModelOutput;
import walnut.models.passport.Passport;
import walnut.models.passport.PassportReader;
import walnut.models.preprocess.ModelInput;
import walnut.models.preprocess.Preprocessor;
import walnut.models.tensor.Tensor;
import walnut.volume.Lps;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

class CaseFindingsTest {
    private static final Lps GLAND = new Lps(4, 35, -20);

    /**
     * A lesion 9 mm to the patient's left of the gland's middle is LEFT, however the T2W lies: head or feet first, supine
     * or prone, slices reversed, rows or columns negated, oblique.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 0,    0, 1, 0", // head first supine, axial
        "-1, 0, 0,   0, 1, 0", // columns run to the right: slices then run to the feet
        "1, 0, 0,    0, -1, 0",
        "-1, 0, 0,   0, -1, 0", // as prone
        "0, 1, 0,    1, 0, 0", // rows and columns exchanged
        "0.99500417, 0, -0.09983342, 0.03, 0.95, 0.299", // oblique
        "1, 0, 0,    0, 0, -1", // coronal
        "0, 1, 0,    0, 0, -1" // sagittal
    })
    void left_is_the_patients_left_in_every_position(double ix, double iy, double iz, double jx, double jy, double jz)
            throws IOException {
        Lps i = new Lps(ix, iy, iz).unit();
        Lps raw = new Lps(jx, jy, jz);
        Lps j = raw.minus(i.times(raw.dot(i))).unit();
        for (double toTheLeft : new double[] {9, -9, 0}) {
            Lps lesion = GLAND.plus(new Lps(toTheLeft, 2, 1));

            CaseFindings findings = read(passport(), geometry(i, j), lesion);

            assertThat(findings.midline().source()).isEqualTo(Midline.Source.GLAND_CENTROID);
            assertThat(findings.findings()).singleElement().satisfies(finding -> {
                assertThat(finding.side())
                        .isEqualTo(toTheLeft > 0 ? Side.LEFT : toTheLeft < 0 ? Side.RIGHT : Side.MIDLINE);
                assertThat(finding.peakLps().minus(lesion).length()).isLessThan(1.8);
                assertThat(finding.centroidLps().minus(lesion).length()).isLessThan(1);
            });
        }
    }

    @Test
    void measures_a_ball_in_millimetres() throws IOException {
        CaseFindings findings =
                read(passport(), geometry(new Lps(1, 0, 0), new Lps(0, 1, 0)), GLAND.plus(new Lps(10, 0, 0)));

        Finding finding = findings.findings().get(0);
        double radius = 5;
        assertThat(finding.volumeMm3()).isCloseTo(4.0 / 3 * Math.PI * radius * radius * radius, within(80.0));
        assertThat(finding.longAxisMm()).isCloseTo(2 * radius, within(1.5));
        assertThat(finding.confidence()).isEqualTo(findings.caseScoreRaw()).isEqualTo((double) 0.8f);
        assertThat(findings.gland()).hasValueSatisfying(gland -> {
            assertThat(gland.volumeMl()).isCloseTo(4.0 / 3 * Math.PI * 8, within(1.0));
            assertThat(gland.centroidLps().minus(GLAND).length()).isLessThan(0.5);
        });
    }

    @Test
    void brings_the_heat_back_to_the_t2w_grid_and_to_points() throws IOException {
        VolumeGeometry t2w = geometry(new Lps(1, 0, 0), new Lps(0, 1, 0));
        Lps lesion = GLAND.plus(new Lps(10, 0, 0));

        CaseFindings findings = read(passport(), t2w, lesion);

        assertThat(findings.heatmap().geometry()).isEqualTo(t2w);
        VoxelIndex at = t2w.toIndex(lesion);
        assertThat(findings.heatmap().at((int) Math.rint(at.i()), (int) Math.rint(at.j()), (int) Math.rint(at.k())))
                .isCloseTo(0.8f, within(1e-6f));
        assertThat(findings.heatmap().at(0, 0, 0)).as("beyond the model's grid").isZero();
        assertThat(findings.scoreAt(lesion)).hasValueCloseTo(0.8, within(1e-6));
        assertThat(findings.scoreAt(GLAND)).hasValueCloseTo(0.0, within(1e-9));
        assertThat(findings.scoreAt(new Lps(500, 0, 0))).isEmpty();
        Finding finding = findings.findings().get(0);
        assertThat(finding.t2wSlice())
                .isEqualTo((int) Math.rint(t2w.toIndex(finding.peakLps()).k()));
    }

    @Test
    void runs_the_rule_on_the_t2w_grid_where_the_passport_says_so() throws IOException {
        Passport onT2w = passport(edit -> ((ObjectNode) edit.get("candidates")).put("grid", "T2W"));
        VolumeGeometry t2w = geometry(new Lps(1, 0, 0), new Lps(0, 1, 0));

        CaseFindings findings = read(onT2w, t2w, GLAND.plus(new Lps(10, 0, 0)));

        double voxel = t2w.voxelVolumeMm3();
        double voxels = findings.findings().get(0).volumeMm3() / voxel;
        assertThat(voxels).isCloseTo(Math.rint(voxels), within(1e-9));
        assertThat(findings.findings().get(0).side()).isEqualTo(Side.LEFT);
    }

    @Test
    void a_model_that_scores_points_changes_confidence_and_order_and_nothing_else() throws IOException {
        CaseFindings found =
                read(passport(), geometry(new Lps(1, 0, 0), new Lps(0, 1, 0)), GLAND.plus(new Lps(10, 0, 0)));

        CaseFindings rescored = found.rescored(passport(), List.of(0.25));

        assertThat(rescored.caseScoreRaw()).isEqualTo(0.25);
        assertThat(rescored.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.confidence()).isEqualTo(0.25);
            assertThat(finding.centroidLps()).isEqualTo(found.findings().get(0).centroidLps());
            assertThat(finding.side()).isEqualTo(Side.LEFT);
        });
        assertThat(rescored.gland()).isEqualTo(found.gland());
    }

    @Test
    void without_a_gland_the_middle_of_the_t2w_divides() throws IOException {
        Passport passport = passport(edit -> ((ObjectNode) edit.get("gland")).put("minimumVolumeMl", 1000));
        VolumeGeometry t2w = geometry(new Lps(1, 0, 0), new Lps(0, 1, 0));

        CaseFindings findings = read(passport, t2w, GLAND.plus(new Lps(10, 0, 0)));

        assertThat(findings.gland()).isEmpty();
        assertThat(findings.midline()).isEqualTo(new Midline(t2w.centre().x(), Midline.Source.T2W_VOLUME_CENTRE));
    }

    @Test
    void a_map_without_candidates_scores_zero() throws IOException {
        Passport passport = passport(edit -> ((ObjectNode) edit.get("candidates")).put("minimumConfidence", 0.95));

        CaseFindings findings =
                read(passport, geometry(new Lps(1, 0, 0), new Lps(0, 1, 0)), GLAND.plus(new Lps(10, 0, 0)));

        assertThat(findings.findings()).isEmpty();
        assertThat(findings.caseScore()).isZero();
        assertThat(findings.decisions()).singleElement().satisfies(decision -> assertThat(decision.positive())
                .isFalse());
    }

    @Test
    void shows_the_calibrated_score_and_decides_by_it() throws IOException {
        Passport passport = passport(edit -> ((ObjectNode) edit.get("caseScore"))
                .set(
                        "calibration",
                        TestPackages.JSON
                                .createObjectNode()
                                .put("method", "PLATT")
                                .put("slope", 1)
                                .put("intercept", -1.5)
                                .put("population", "none")
                                .put("prevalence", 0.4)
                                .put("cases", 10)));

        CaseFindings findings =
                read(passport, geometry(new Lps(1, 0, 0), new Lps(0, 1, 0)), GLAND.plus(new Lps(10, 0, 0)));

        double logit = Math.log(0.8f / (1 - (double) 0.8f)) - 1.5;
        assertThat(findings.caseScoreRaw()).isEqualTo((double) 0.8f);
        assertThat(findings.caseScore()).isCloseTo(1 / (1 + Math.exp(-logit)), within(1e-12));
        assertThat(findings.decisions().get(0).positive()).isFalse();
    }

    @Test
    void one_voxel_is_as_long_as_its_diagonal() {
        VolumeGeometry grid = new VolumeGeometry(
                4, 4, 2, 3, 4, 5, new Lps(0, 0, 0), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1));

        assertThat(Extent.longAxisMm(new int[] {5}, grid)).isEqualTo(5);
        assertThat(Extent.longAxisMm(new int[] {0, 3}, grid))
                .as("four columns of 3 mm")
                .isCloseTo(Math.sqrt(12 * 12 + 16), within(1e-12));
        assertThat(Extent.longAxisMm(new int[] {0, 16}, grid))
                .as("two slices do not add up")
                .isEqualTo(5);
    }

    /** A ball of 5 mm with 0.8 in the middle, and a gland of 20 mm radius, painted on the model's voxels. */
    private static CaseFindings read(Passport passport, VolumeGeometry t2w, Lps lesion) {
        VolumeGeometry grid = Preprocessor.grid(passport.grid(), t2w);
        int voxels = (int) grid.voxelCount();
        float[] heat = new float[voxels];
        float[] zones = new float[3 * voxels];
        Lps nearest = grid.toPatient(
                Math.rint(grid.toIndex(lesion).i()),
                Math.rint(grid.toIndex(lesion).j()),
                Math.rint(grid.toIndex(lesion).k()));
        for (int k = 0; k < grid.slices(); k++) {
            for (int j = 0; j < grid.rows(); j++) {
                for (int i = 0; i < grid.columns(); i++) {
                    Lps point = grid.toPatient(i, j, k);
                    int at = grid.offset(i, j, k);
                    double distance = point.minus(lesion).length();
                    heat[at] = distance <= 5 ? 0.7f : 0;
                    boolean gland = point.minus(GLAND).length() <= 20;
                    zones[at] = gland ? 0.1f : 0.9f;
                    zones[voxels + at] = gland ? 0.4f : 0.05f;
                    zones[2 * voxels + at] = gland ? 0.5f : 0.05f;
                }
            }
        }
        VoxelIndex peak = grid.toIndex(nearest);
        heat[grid.offset((int) Math.rint(peak.i()), (int) Math.rint(peak.j()), (int) Math.rint(peak.k()))] = 0.8f;
        long[] size = {grid.slices(), grid.rows(), grid.columns()};
        ModelInput input = new ModelInput(List.of(), grid, t2w);
        ModelOutput output = new ModelOutput(List.of(
                Tensor.of("heat", heat, 1, 1, size[0], size[1], size[2]),
                Tensor.of("zones", zones, 1, 3, size[0], size[1], size[2])));
        return CaseFindings.read(passport, input, output);
    }

    /** T2W of 2 mm voxels round the gland, its voxel centres on the model's. */
    private static VolumeGeometry geometry(Lps i, Lps j) {
        Lps k = i.cross(j);
        int side = 59;
        Lps origin = GLAND.minus(i.times(side - 1.0)).minus(j.times(side - 1.0)).minus(k.times(side - 1.0));
        return new VolumeGeometry(side, side, side, 2, 2, 2, origin, i, j, k);
    }

    private static Passport passport() throws IOException {
        return passport(edit -> {});
    }

    /** A grid of 1 mm with its middle voxel on the T2W's. */
    private static Passport passport(java.util.function.Consumer<ObjectNode> edit) throws IOException {
        ObjectNode passport = TestPackages.tinyPassport();
        ((ObjectNode) passport.get("grid"))
                .set("size", TestPackages.JSON.readTree("{\"slices\": 51, \"rows\": 51, \"columns\": 51}"));
        ((ObjectNode) passport.get("grid"))
                .set("spacingMm", TestPackages.JSON.readTree("{\"slices\": 1, \"rows\": 1, \"columns\": 1}"));
        ((ObjectNode) passport.at("/inputs/0")).set("shape", TestPackages.JSON.readTree("[1,3,51,51,51]"));
        ((ObjectNode) passport.at("/outputs/0")).set("shape", TestPackages.JSON.readTree("[1,1,51,51,51]"));
        ((ObjectNode) passport.at("/outputs/1")).set("shape", TestPackages.JSON.readTree("[1,3,51,51,51]"));
        edit.accept(passport);
        return PassportReader.read(passport.toString().getBytes(StandardCharsets.UTF_8));
    }
}
