package walnut.server.dimse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import walnut.dicom.net.scp.DimseServerListener;
import walnut.failure.FailureCode;
import walnut.server.api.Senders.Sender;
import walnut.server.database.MovableClock;

class SenderBookTest {
    private static final Instant START = Instant.parse("2026-11-27T08:00:00Z");

    private final List<String> told = new ArrayList<>();
    private final MovableClock clock = new MovableClock(START);
    private final SenderBook book = new SenderBook(
            List.of("MR2", "MR1"),
            new DimseServerListener() {
                @Override
                public void associationAccepted(String callingAeTitle) {
                    told.add("accepted " + callingAeTitle);
                }

                @Override
                public void storeAnswered(String callingAeTitle, int status, Duration elapsed) {
                    told.add("answered " + status);
                }
            },
            clock);

    @Test
    void who_may_send_is_there_before_it_came() {
        assertThat(book.senders())
                .containsExactly(
                        new Sender("MR1", true, null, 0, 0, 0, null), new Sender("MR2", true, null, 0, 0, 0, null));
    }

    @Test
    void what_a_sender_did_is_counted_and_told_on() {
        book.associationAccepted("MR1");
        clock.advance(Duration.ofSeconds(5));
        book.storeAnswered("MR1", 0, Duration.ZERO);
        book.storeAnswered("MR1", 0xA700, Duration.ZERO);

        assertThat(book.senders().get(0)).isEqualTo(new Sender("MR1", true, START.plusSeconds(5), 1, 1, 1, null));
        assertThat(told).containsExactly("accepted MR1", "answered 0", "answered 42752");
    }

    @Test
    void who_knocks_in_vain_is_shown_with_the_reason_until_it_is_let_in() {
        book.associationRejected("STRANGER", FailureCode.UNKNOWN_AE);
        assertThat(book.senders().get(2)).isEqualTo(new Sender("STRANGER", false, START, 0, 0, 0, "UNKNOWN_AE"));

        book.associationAccepted("STRANGER");
        assertThat(book.senders().get(2).lastRejection()).isNull();
    }

    @Test
    void made_up_titles_are_bounded_and_push_nobody_out_who_may_send() {
        book.associationAccepted("MR1");
        for (int i = 0; i < 2 * SenderBook.MOST_STRANGERS; i++) {
            book.associationRejected("X" + i, FailureCode.UNKNOWN_AE);
        }

        assertThat(book.senders()).hasSizeLessThanOrEqualTo(SenderBook.MOST_STRANGERS + 4);
        assertThat(book.senders().get(0).associations()).isEqualTo(1);
        assertThat(book.senders()).extracting(Sender::aeTitle).contains("X199").doesNotContain("X0");
    }
}
