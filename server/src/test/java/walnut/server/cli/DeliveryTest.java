package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import walnut.dicom.net.scu.SendOutcome;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

class DeliveryTest {
    private static final List<Path> FILES =
            IntStream.range(0, 4).mapToObj(number -> Path.of("f" + number)).toList();

    private final List<List<Path>> tries = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final List<SendOutcome> settled = new ArrayList<>();
    private final Deque<Peer> peers = new ArrayDeque<>();

    /** What the peer does in one try. */
    private interface Peer {
        List<SendOutcome> answer(List<Path> files);
    }

    private List<SendOutcome> send(int retries) throws InterruptedException {
        Delivery.Attempt attempt = (files, progress) -> {
            tries.add(files);
            List<SendOutcome> outcomes = peers.size() == 1
                    ? peers.element().answer(files)
                    : peers.remove().answer(files);
            outcomes.forEach((Consumer<SendOutcome>) progress);
            return outcomes;
        };
        Delivery.Listener listener = new Delivery.Listener() {
            @Override
            public void settled(SendOutcome outcome) {
                settled.add(outcome);
            }

            @Override
            public void tryingAgain(int files, Duration after, String why) {
                assertThat(why).contains(": ");
            }
        };
        return new Delivery(attempt, retries, Duration.ofSeconds(1), pauses::add, listener).send(FILES);
    }

    private static SendOutcome delivered(Path file) {
        return new SendOutcome(file, "2.25." + file, 0, Optional.empty(), "0000H");
    }

    private static SendOutcome aborted(Path file) {
        return new SendOutcome(
                file, "2.25." + file, -1, Optional.of(FailureCode.ASSOCIATION_ABORTED), "the peer aborted");
    }

    private static SendOutcome refused(Path file, int status) {
        return new SendOutcome(file, "2.25." + file, status, Optional.of(FailureCode.PEER_REFUSED_INSTANCE), "refused");
    }

    /** Takes one file, then loses the association. */
    private static List<SendOutcome> onlyTheFirst(List<Path> files) {
        return files.stream()
                .map(file -> file.equals(files.get(0)) ? delivered(file) : aborted(file))
                .toList();
    }

    @Test
    void a_peer_that_takes_one_file_for_each_association_gets_them_all() throws InterruptedException {
        peers.add(DeliveryTest::onlyTheFirst);
        assertThat(send(0))
                .containsExactlyElementsOf(
                        FILES.stream().map(DeliveryTest::delivered).toList());
        assertThat(tries).containsExactly(FILES, FILES.subList(1, 4), FILES.subList(2, 4), FILES.subList(3, 4));
        assertThat(pauses).containsOnly(Duration.ofSeconds(1));
        assertThat(settled).hasSize(4);
    }

    @Test
    void what_is_refused_for_good_is_not_sent_again_and_lack_of_resources_is() throws InterruptedException {
        peers.add(files -> List.of(
                delivered(FILES.get(0)),
                refused(FILES.get(1), 0xA900),
                refused(FILES.get(2), 0xA700),
                refused(FILES.get(3), 0xC001)));
        peers.add(files -> files.stream().map(DeliveryTest::delivered).toList());
        assertThat(send(3)).extracting(SendOutcome::delivered).containsExactly(true, false, true, false);
        assertThat(tries).containsExactly(FILES, FILES.subList(2, 3));
    }

    @Test
    void a_peer_that_is_away_is_called_again_after_growing_pauses_and_then_given_up() {
        peers.add(files -> {
            throw new WalnutException(FailureCode.PEER_UNREACHABLE, "nobody listens");
        });
        assertThatThrownBy(() -> send(5)).isInstanceOfSatisfying(WalnutException.class, e -> assertThat(e.code())
                .isEqualTo(FailureCode.PEER_UNREACHABLE));
        assertThat(tries).hasSize(6);
        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(2L, 4L, 8L, 16L, 30L);
    }

    @Test
    void a_peer_that_goes_away_in_the_middle_leaves_its_reason_on_what_is_left() throws InterruptedException {
        peers.add(DeliveryTest::onlyTheFirst);
        peers.add(files -> {
            throw new WalnutException(FailureCode.PEER_BUSY, "the peer rejected for now");
        });
        List<SendOutcome> outcomes = send(1);
        assertThat(outcomes.get(0).delivered()).isTrue();
        assertThat(outcomes.subList(1, 4))
                .extracting(SendOutcome::failure)
                .containsOnly(Optional.of(FailureCode.PEER_BUSY));
        assertThat(settled).hasSize(4);
    }

    @Test
    void a_peer_that_does_not_know_us_is_not_called_again() {
        peers.add(files -> {
            throw new WalnutException(FailureCode.ASSOCIATION_REJECTED, "called AE title not recognized");
        });
        assertThatThrownBy(() -> send(5)).isInstanceOf(WalnutException.class);
        assertThat(tries).hasSize(1);
        assertThat(pauses).isEmpty();
    }
}
