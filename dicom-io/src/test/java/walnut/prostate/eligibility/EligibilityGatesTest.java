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
