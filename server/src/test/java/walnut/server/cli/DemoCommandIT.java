package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The main job, as README's first command runs it. */
class DemoCommandIT {

    @Test
    void every_synthetic_patient_gets_an_outcome_and_a_prediction_replays_bit_for_bit() throws Exception {
        WalnutJar.Result result = WalnutJar.run("demo", "--once");
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        assertThat(result.out())
                .contains("not a medical device")
                .containsPattern("page {2}http://127\\.0\\.0\\.1:\\d+/sign-in/[A-Za-z0-9_-]{43} ")
                .contains("COMPLETED score")
                .contains("NOT_ELIGIBLE")
                .contains("NOT_ELIGIBLE no axial ADC map can be used")
                .contains("fault: a staging of rectal cancer")
                .contains("(scanned again)")
                .contains("men scanned twice: 1,")
                .contains("labels: 7 joined")
                .contains("undefined, TOO_FEW")
                .contains("replay of one prediction: BITWISE")
                .doesNotContain("NO OUTCOME");
    }
}
