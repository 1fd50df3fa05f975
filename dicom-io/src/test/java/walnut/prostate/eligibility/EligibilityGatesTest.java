package walnut.prostate.eligibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.prostate.series.Channel;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

class EligibilityGatesTest {

    @ParameterizedTest
    @CsvSource({
        "M, 063Y, PROSTATE, MR prostaat, PASS, PASS, PASS",
        "F, 063Y, PELVIS, MR becken, FAIL, PASS, PASS",
        "O, , , , UNKNOWN, UNKNOWN, UNKNOWN",
        "M, 017Y, PROSTATE, mpMRI, PASS, FAIL, PASS",
        "M, 011M, PROSTATE, mpMRI, PASS, FAIL, PASS",
        "M, 070Y, PELVIS, MRI rectum staging, PASS, PASS, FAIL",
        "M, 070Y, BLADDER, MRI pelvis, PASS, PASS, FAIL",
        "M, 070Y, PELVIS, MRI prostate and bladder, PASS, PASS, PASS",
        "M, 070Y, PELVIS, MRI spectroscopy, PASS, PASS, PASS",
        "M, 070Y, PELVIS, MRI Rektum, PASS, PASS, FAIL",
        "M, 070Y, , IRM du rectum, PASS, PASS, FAIL",
        "M, 070Y, PELVIS, MRI pelvis endorectal coil, PASS, PASS, PASS",
        "M, 070Y, HIP, MRI left hip, PASS, PASS, FAIL",
        "M, 070Y, PELVIS, MRI uterus, PASS, PASS, FAIL",
        "M, 070Y, LSPINE, lumbar spine, PASS, PASS, FAIL",
    })
    void reads_sex_age_and_region_from_headers(
            String sex, String age, String bodyPart, String study, Verdict ofSex, Verdict ofAge, Verdict ofRegion) {
        DataSet.Builder header = DataSet.builder();
        putIfKnown(header, Tag.PatientSex, sex);
        putIfKnown(header, Tag.PatientAge, age);
        putIfKnown(header, Tag.BodyPartExamined, bodyPart);
        putIfKnown(header, Tag.StudyDescription, study);
        assertThat(EligibilityGates.ofHeaders(header.build()))
                .extracting(Gate::verdict)
                .containsExactly(ofSex, ofAge, ofRegion);
    }

    @ParameterizedTest
    @CsvSource({
        "41216001, SCT, MRI, PASS", // prostate
        "T-92000, SRT, MRI bladder, PASS", // the code beats the text
        "34402009, SCT, MRI pelvis, FAIL", // rectum
        "T-74000, SRT, MRI pelvis, FAIL", // urinary bladder
        "35039007, SCT, , FAIL", // uterus
        "T-15710, SRT, , FAIL", // hip joint
        "T-11500, SRT, , FAIL", // spine
        "12921003, SCT, MRI pelvis, PASS", // pelvis
    })
    void a_code_names_the_region(String value, String scheme, String study, Verdict expected) {
        DataSet code = DataSet.builder()
                .putString(Tag.CodeValue, value)
                .putString(Tag.CodingSchemeDesignator, scheme)
                .build();
        DataSet.Builder header = DataSet.builder().putItems(Tag.AnatomicRegionSequence, code);
        putIfKnown(header, Tag.StudyDescription, study);

        assertThat(EligibilityGates.ofHeaders(header.build()).get(2))
                .satisfies(gate -> assertThat(gate.verdict()).as(gate.read()).isEqualTo(expected));
    }

    @Test
    void diffusion_images_beside_the_middle_of_the_t2w_do_not_cover_it() {
        Gate gate = EligibilityGates.coverage(
                Map.of(Channel.T2W, field(200, 1, 0), Channel.ADC, field(60, 2, 0), Channel.HBV, field(60, 2, 45)));
        assertThat(gate.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate.read()).contains("HBV");
        assertThat(EligibilityGates.coverage(Map.of(
                                Channel.T2W,
                                field(200, 1, 0),
                                Channel.ADC,
                                field(60, 2, 0),
                                Channel.HBV,
                                field(60, 2, 20)))
                        .verdict())
                .isEqualTo(Verdict.PASS);
    }

    /** A square field round x = off, y = 0. */
    private static Volume field(int pixels, double pixelMm, double off) {
        double half = pixelMm * (pixels - 1) / 2;
        VolumeGeometry geometry = new VolumeGeometry(
                pixels,
                pixels,
                3,
                pixelMm,
                pixelMm,
                3,
                new Lps(off - half, -half, 0),
                new Lps(1, 0, 0),
                new Lps(0, 1, 0),
                new Lps(0, 0, 1));
        return new Volume(geometry, new float[(int) geometry.voxelCount()]);
    }

    @Test
    void an_adc_map_over_half_the_gland_does_not_cover_it() {
        Gate gate = EligibilityGates.coverage(
                Map.of(Channel.T2W, stack(20, 0), Channel.ADC, stack(10, 0), Channel.HBV, stack(20, 0)));
        assertThat(gate.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate.read()).contains("ADC").contains("9.5");
    }

    @Test
    void half_a_slice_of_shift_is_covered() {
        Gate gate = EligibilityGates.coverage(
                Map.of(Channel.T2W, stack(20, 0), Channel.ADC, stack(20, 1.5), Channel.HBV, stack(20, -1.5)));
        assertThat(gate.verdict()).isEqualTo(Verdict.PASS);
    }

    private static void putIfKnown(DataSet.Builder header, int tag, String value) {
        if (value != null) {
            header.putString(tag, value);
        }
    }

    private static Volume stack(int slices, double startZ) {
        VolumeGeometry geometry = new VolumeGeometry(
                4, 4, slices, 1, 1, 3, new Lps(0, 0, startZ), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1));
        return new Volume(geometry, new float[(int) geometry.voxelCount()]);
    }
}
