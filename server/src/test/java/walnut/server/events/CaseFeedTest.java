package walnut.server.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;

class CaseFeedTest {
    private final CaseFeed feed = new CaseFeed("epoch");

    @Test
    void tells_new_cases_and_changed_ones_oldest_first_and_nothing_of_the_others() {
        feed.look(List.of(summary("b", CaseState.QUEUED, 3), summary("a", CaseState.COMPLETED, 3)));

        assertThat(feed.look(List.of(
                        summary("c", CaseState.ASSEMBLING, 1),
                        summary("b", CaseState.RUNNING, 3),
                        summary("a", CaseState.COMPLETED, 3))))
                .extracting(CaseEvent::caseId)
                .containsExactly("b", "c");
        assertThat(feed.look(List.of(summary("c", CaseState.ASSEMBLING, 2), summary("b", CaseState.RUNNING, 3))))
                .as("an image more is a change, a case out of sight is none")
                .extracting(CaseEvent::text)
                .containsExactly("event: case\nid: epoch-3\ndata: {\"caseId\":\"c\",\"state\":\"ASSEMBLING\"}\n\n");
    }

    @Test
    void whoever_was_away_is_told_what_was_missed_or_to_ask_for_everything() {
        feed.look(List.of(summary("a", CaseState.ASSEMBLING, 0)));
        for (int images = 1; images <= CaseFeed.MOST_REMEMBERED + 10; images++) {
            feed.look(List.of(summary("a", CaseState.ASSEMBLING, images)));
        }

        assertThat(feed.since("epoch-1032")).get().asList().hasSize(2);
        assertThat(feed.since("epoch-1034")).get().asList().isEmpty();
        assertThat(feed.since("epoch-10")).get().asList().hasSize(CaseFeed.MOST_REMEMBERED);
        assertThat(feed.since("epoch-9")).as("forgotten").isEmpty();
        assertThat(feed.since("epoch-1035")).as("never told").isEmpty();
        assertThat(feed.since("other-1032")).as("another process's").isEmpty();
        assertThat(feed.since("epoch-x")).isEmpty();
        assertThat(feed.since(null)).isEmpty();
        assertThat(feed.resync().text()).isEqualTo("event: resync\nid: epoch-1034\ndata: {}\n\n");
    }

    @Test
    void more_new_cases_than_one_look_holds_are_told_as_one() {
        feed.look(List.of(summary("a", CaseState.COMPLETED, 1)));

        assertThat(feed.look(IntStream.range(0, 50)
                        .mapToObj(number -> summary("new" + number, CaseState.ASSEMBLING, 1))
                        .toList()))
                .singleElement()
                .satisfies(event -> assertThat(event.caseId()).isNull());
    }

    static CaseSummary summary(String caseId, CaseState state, int images) {
        return new CaseSummary(
                caseId,
                null,
                null,
                "2.25.1",
                "20261119",
                state,
                images,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
