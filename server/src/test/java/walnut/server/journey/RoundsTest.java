package walnut.server.journey;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final Duration NEVER = Duration.ofDays(1);
    private static final int PATIENCE_SECONDS = 60;

    private final Bell bell = new Bell();

    @Test
    void goes_on_at_once_while_there_is_something_to_do_and_waits_for_the_bell_when_not() throws Exception {
        AtomicInteger left = new AtomicInteger(3);
        CountDownLatch idleTwice = new CountDownLatch(2);
        try (Rounds rounds = new Rounds(
                "test",
                bell,
                () -> {
                    if (left.getAndDecrement() > 0) {
                        return true;
                    }
                    idleTwice.countDown();
                    return false;
                },
                () -> NEVER)) {
            rounds.start();
            while (idleTwice.getCount() > 1) {
                Thread.onSpinWait();
            }
            assertThat(left.get()).isEqualTo(-1);

            bell.ring();

            assertThat(idleTwice.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void asks_again_when_the_time_is_over_and_after_a_round_that_failed() throws Exception {
        CountDownLatch asked = new CountDownLatch(3);
        AtomicInteger number = new AtomicInteger();
        try (Rounds rounds = new Rounds(
                "test",
                bell,
                () -> {
                    asked.countDown();
                    if (number.incrementAndGet() == 2) {
                        throw new IllegalStateException("a database that is away");
                    }
                    return false;
                },
                () -> Duration.ofMillis(1))) {
            rounds.start();
            assertThat(asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void lets_the_round_at_hand_end_and_begins_no_other() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        Rounds rounds = new Rounds(
                "test",
                bell,
                () -> {
                    begun.countDown();
                    boolean inTime = mayEnd.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    ended.incrementAndGet();
                    return inTime;
                },
                () -> NEVER);
        rounds.start();
        assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        rounds.stop();
        mayEnd.countDown();
        rounds.close();

        assertThat(ended.get()).isEqualTo(1);
    }
}
