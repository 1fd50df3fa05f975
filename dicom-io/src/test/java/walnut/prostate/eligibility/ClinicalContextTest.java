package walnut.prostate.eligibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.prostate.eligibility.ClinicalContext.Condition;

class ClinicalContextTest {
    private static final Set<Condition> ALL = EnumSet.allOf(Condition.class);

    @Test
    void what_nobody_says_is_unknown_and_printed() {
        List<Gate> gates = ClinicalContext.of(DataSet.EMPTY).gates(ALL);

        assertThat(gates)
                .extracting(Gate::name)
                .containsExactly(
                        "CONTEXT_TREATMENT", "CONTEXT_RECENT_BIOPSY", "CONTEXT_PROSTHESIS", "CONTEXT_ENDORECTAL_COIL");
        assertThat(gates).extracting(Gate::verdict).containsOnly(Verdict.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MRI prostate after radical prostatectomy           | TREATMENT
            MR Prostata Z.n. RPE, Rezidiv?                      | TREATMENT
            prostate bed, PSA rise                              | TREATMENT
            brachytherapy 2019                                  | TREATMENT
            mpMRI prostate post-biopsy                          | RECENT_BIOPSY
            biopsy two weeks ago                                | RECENT_BIOPSY
            left hip replacement                                | PROSTHESIS
            prostate MRI with endorectal coil                   | ENDORECTAL_COIL
            """)
    void a_text_that_names_a_condition_fails_its_gate(String text, Condition condition) {
        DataSet header = DataSet.builder().putString(Tag.StudyDescription, text).build();

        List<Gate> gates = ClinicalContext.of(header).gates(ALL);

        assertThat(gates).filteredOn(Gate::failed).extracting(Gate::name).containsExactly("CONTEXT_" + condition);
        assertThat(ClinicalContext.of(header).gates(Set.of()))
                .as("a passport that allows it")
                .noneMatch(Gate::failed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mpMRI before biopsy
            MRI prostate, no prior radiotherapy
            MR prostata ohne Endorektalspule
            prostate without prosthesis
            staging prior to prostatectomy
            MR prostaat kanker detectie
            """)
    void a_word_that_is_denied_or_planned_is_no_finding(String text) {
        DataSet header = DataSet.builder().putString(Tag.StudyDescription, text).build();

        assertThat(ClinicalContext.of(header).gates(ALL)).noneMatch(Gate::failed);
    }

    @Test
    void the_coil_is_read_from_its_name() {
        DataSet body =
                DataSet.builder().putString(Tag.ReceiveCoilName, "Body_18").build();
        DataSet endorectal =
                DataSet.builder().putString(Tag.ReceiveCoilName, "EndoRectal").build();

        assertThat(ClinicalContext.of(body).gates(ALL).get(3).verdict()).isEqualTo(Verdict.PASS);
        assertThat(ClinicalContext.of(endorectal).gates(ALL).get(3).verdict()).isEqualTo(Verdict.FAIL);
    }
}
