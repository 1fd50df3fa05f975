package walnut.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

class ReviewFormTest {

    @Test
    void page_and_json_say_the_same() throws JsonProcessingException {
        ReviewSubmission page = ReviewForm.ofPage(Map.ofEntries(
                Map.entry("version", "2"),
                Map.entry("decision", "CORRECTED"),
                Map.entry("reason", "WRONG_LOCATION"),
                Map.entry("piRads", "5"),
                Map.entry("candidate-1", "ACCEPTED"),
                Map.entry("candidate-1-position", "1, 2, 3"),
                Map.entry("candidate-2", "MOVED"),
                Map.entry("candidate-2-position", "-12.5, 20, -51.25"),
                Map.entry("candidate-2-piRads", "4"),
                Map.entry("added-1-position", "1; 2; 3"),
                Map.entry("added-2-position", " "),
                Map.entry("comment", "  two lines\n<b>here</b> ")));
        ReviewSubmission json = ReviewForm.ofJson(new ObjectMapper().readTree("""
                {"version": 2, "decision": "CORRECTED", "reason": "WRONG_LOCATION", "piRads": 5,
                 "candidates": [
                   {"candidate": 1, "verdict": "ACCEPTED"},
                   {"candidate": 2, "verdict": "MOVED", "positionLps": [-12.5, 20, -51.25], "piRads": 4},
                   {"verdict": "ADDED", "positionLps": [1, 2, 3]}],
                 "comment": "two lines\\n<b>here</b>"}"""));

        assertThat(page).isEqualTo(json);
    }

    @Test
    void candidates_of_an_accepted_answer_are_left_as_they_are() {
        ReviewSubmission accepted = ReviewForm.ofPage(Map.of(
                "decision", "ACCEPTED", "reason", "SAME_AS_MY_READING", "version", "0", "candidate-1", "REJECTED"));

        assertThat(accepted.candidates()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                            | decision must be one of
            {"decision": "ACCEPTED"}                                      | reason must be one of
            {"decision": "ACCEPTED", "reason": "FALSE_POSITIVE"}          | does not go with ACCEPTED
            {"decision": "REJECTED", "reason": "OTHER"}                   | needs a comment
            {"decision": "YES", "reason": "OTHER", "comment": "x"}        | decision must be one of
            {"decision": "REJECTED", "reason": "FALSE_NEGATIVE", "piRads": 6} | piRads must be a whole number from 1 to 5
            {"decision": "REJECTED", "reason": "FALSE_NEGATIVE", "piRads": 3.5} | piRads must be a whole number
            {"decision": "REJECTED", "reason": "FALSE_NEGATIVE", "version": -1} | version must be a whole number from 0
            {"decision": "REJECTED", "reason": "FALSE_NEGATIVE", "shout": 1} | unknown field
            {"decision": "REJECTED", "reason": "FALSE_NEGATIVE", "candidates": 3} | candidates must be a list
            {"decision": "REJECTED", "reason": "FALSE_NEGATIVE", "candidates": [{"verdict": "ADDED"}]} | needs a position
            {"decision": "REJECTED", "reason": "FALSE_NEGATIVE", "candidates": [{"verdict": "ADDED", "positionLps": [1, 2]}]} | three numbers
            {"decision": "REJECTED", "reason": "FALSE_NEGATIVE", "candidates": [{"verdict": "ADDED", "positionLps": [1, 2, 1e9]}]} | three numbers
            {"decision": "REJECTED", "reason": "FALSE_NEGATIVE", "candidates": [{"verdict": "ADDED", "positionLps": [1, 2, "NaN"]}]} | three numbers
            {"decision": "REJECTED", "reason": "FALSE_NEGATIVE", "candidates": [{"candidate": 1, "verdict": "ADDED", "positionLps": [1, 2, 3]}]} | an added one has none
            {"decision": "REJECTED", "reason": "FALSE_NEGATIVE", "candidates": [{"verdict": "REJECTED"}]} | named by its number
            """)
    void what_is_wrong_is_said(String json, String complaint) {
        assertThatThrownBy(() -> ReviewForm.ofJson(new ObjectMapper().readTree(json)))
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.REVIEW_INVALID))
                .hasMessageContaining(complaint);
    }

    @Test
    void a_comment_is_bounded() {
        assertThatThrownBy(() -> ReviewForm.ofPage(Map.of(
                        "decision",
                        "ACCEPTED",
                        "reason",
                        "OTHER",
                        "comment",
                        "x".repeat(ReviewForm.LONGEST_COMMENT + 1))))
                .hasMessageContaining("at most 2000 characters, it has 2001");
    }
}
