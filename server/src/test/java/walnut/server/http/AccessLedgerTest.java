package walnut.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import walnut.server.database.MovableClock;
import walnut.server.ledger.InMemoryLedger;

/** One look is noted once, for as long as a look lasts and whatever becomes of the clock. */
class AccessLedgerTest {
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final InMemoryLedger entries = new InMemoryLedger();
    private final AccessLedger ledger = new AccessLedger(entries.ledger(clock), clock);

    @Test
    void a_second_look_is_noted_when_the_first_is_over_and_when_the_clock_was_set_back() {
        ledger.tokenRefused("192.0.2.1");
        clock.advance(AccessLedger.ONE_LOOK.minusSeconds(1));
        ledger.tokenRefused("192.0.2.1");
        assertThat(entries.noted()).hasSize(1);

        clock.advance(Duration.ofSeconds(1));
        ledger.tokenRefused("192.0.2.1");
        assertThat(entries.noted()).hasSize(2);

        clock.advance(Duration.ofDays(-400));
        ledger.tokenRefused("192.0.2.1");
        ledger.tokenRefused("192.0.2.1");
        assertThat(entries.noted()).as("once anew").hasSize(3);
    }
}
