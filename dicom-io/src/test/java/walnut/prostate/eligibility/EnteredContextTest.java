package walnut.prostate.eligibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walnut.prostate.eligibility.ClinicalContext.Condition;
import walnut.prostate.eligibility.ClinicalContext.Statement;
import walnut.prostate.eligibility.EnteredContext.Treatment;

class EnteredContextTest {
    private static final LocalDate STUDY = LocalDate.of(2026, 10, 20);
    private static final EnteredContext UNKNOWN = new EnteredContext(null, null, null, null, null, null, null);

    @Test
    void what_was_left_out_stays_unknown() {
        assertThat(UNKNOWN.statements(STUDY)).isEmpty();
        assertThat(verdict(new ClinicalContext(Map.of()).with(UNKNOWN, STUDY), Condition.TREATMENT))
                .isEqualTo(Verdict.UNKNOWN);
    }

    /** PI-RADS v2.1 asks for at least six weeks. */
    @ParameterizedTest
    @CsvSource({"2026-10-20, true", "2026-09-09, true", "2026-09-08, false", "2020-01-01, false"})
    void a_biopsy_is_recent_for_under_six_weeks(LocalDate biopsiedOn, boolean recent) {
        EnteredContext context = new EnteredContext(null, null, true, biopsiedOn, null, null, null);

        assertThat(context.statements(STUDY).get(Condition.RECENT_BIOPSY).present())
                .isEqualTo(recent);
        assertThat(context.statements(null)).as("without a day of the study").isEmpty();
    }

    @Test
    void a_biopsy_without_a_day_is_neither_recent_nor_not() {
        assertThat(new EnteredContext(null, null, true, null, null, null, null).statements(STUDY))
                .isEmpty();
        assertThat(new EnteredContext(null, null, false, null, null, null, null).statements(STUDY))
                .containsEntry(Condition.RECENT_BIOPSY, new Statement(false, "entered: no biopsy before the study"));
    }

    @Test
    void a_treated_man_fails_the_gate_of_a_model_that_is_not_made_for_him() {
        EnteredContext treated =
                new EnteredContext(Treatment.RADIOTHERAPY, LocalDate.of(2024, 5, 1), null, null, true, false, null);
        ClinicalContext context = new ClinicalContext(Map.of()).with(treated, STUDY);

        assertThat(verdict(context, Condition.TREATMENT)).isEqualTo(Verdict.FAIL);
        assertThat(read(context, Condition.TREATMENT)).startsWith("entered: radiotherapy on 2024-05-01");
        assertThat(verdict(context, Condition.PROSTHESIS)).isEqualTo(Verdict.FAIL);
        assertThat(verdict(context, Condition.ENDORECTAL_COIL)).isEqualTo(Verdict.PASS);
        assertThat(context.gates(Set.of()).stream().noneMatch(Gate::failed))
                .as("a model that allows it")
                .isTrue();
    }

    @Test
    void a_persons_word_holds_over_a_text_and_both_are_printed() {
        ClinicalContext images =
                new ClinicalContext(Map.of(Condition.TREATMENT, new Statement(true, "a text says 'recurren'")));
        EnteredContext none = new EnteredContext(Treatment.NONE, null, null, null, null, null, null);
        ClinicalContext context = images.with(none, STUDY);

        assertThat(verdict(context, Condition.TREATMENT)).isEqualTo(Verdict.PASS);
        assertThat(read(context, Condition.TREATMENT)).isEqualTo("entered: no treatment; but a text says 'recurren'");
    }

    @Test
    void its_digest_changes_with_every_value_and_with_nothing_else() {
        LocalDate day = LocalDate.of(2026, 9, 1);
        List<EnteredContext> all = List.of(
                UNKNOWN,
                new EnteredContext(Treatment.NONE, null, null, null, null, null, null),
                new EnteredContext(Treatment.OTHER, day, null, null, null, null, null),
                new EnteredContext(null, null, true, null, null, null, null),
                new EnteredContext(null, null, true, day, null, null, null),
                new EnteredContext(null, null, null, null, true, null, null),
                new EnteredContext(null, null, null, null, null, true, null),
                new EnteredContext(
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        new EnteredContext.Psa(4, EnteredContext.PsaUnit.NG_PER_ML, null)),
                new EnteredContext(
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        new EnteredContext.Psa(4, EnteredContext.PsaUnit.NG_PER_ML, day)));

        assertThat(all.stream().map(EnteredContext::sha256).distinct()).hasSameSizeAs(all);
        assertThat(new EnteredContext(null, null, null, null, null, null, null).sha256())
                .isEqualTo(UNKNOWN.sha256());
    }

    private static Verdict verdict(ClinicalContext context, Condition condition) {
        return gate(context, condition).verdict();
    }

    private static String read(ClinicalContext context, Condition condition) {
        return gate(context, condition).read();
    }

    private static Gate gate(ClinicalContext context, Condition condition) {
        return context.gates(EnumSet.allOf(Condition.class)).stream()
                .filter(gate -> gate.name().equals("CONTEXT_" + condition))
                .findFirst()
                .orElseThrow();
    }
}
