package walnut.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureCodeTest {

    @Test
    void a_refusal_is_the_inputs_and_stays_one_when_it_is_asked_again() {
        List<FailureCode> refusals = Arrays.stream(FailureCode.values())
                .filter(FailureCode::isRefusal)
                .toList();
        assertThat(refusals).hasSizeGreaterThan(10).allSatisfy(code -> {
            assertThat(code.category()).isEqualTo(FailureCategory.INPUT);
            assertThat(code.retryable()).isFalse();
        });
    }

    /** PS3.4 Table B.2-1: A7xx is for lack of resources, which a sender tries again; nothing else may look like it. */
    @Test
    void only_what_may_pass_is_answered_with_out_of_resources() {
        for (FailureCode code : FailureCode.values()) {
            assertThat((code.dimseStatus() & 0xFF00) == 0xA700 && code.category() == FailureCategory.INPUT)
                    .as(code.name())
                    .isFalse();
            assertThat(code.httpStatus()).as(code.name()).isBetween(400, 599);
            assertThat(code.dimseStatus()).as(code.name()).isBetween(1, 0xFFFF);
        }
    }
}
