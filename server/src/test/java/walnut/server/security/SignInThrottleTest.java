package walnut.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import walnut.server.database.MovableClock;

class SignInThrottleTest {
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-27T08:00:00Z"));
    private final SignInThrottle throttle = new SignInThrottle(clock);

    @Test
    void an_address_that_fails_too_often_waits_for_the_rest_of_the_window() {
        fail("192.0.2.1", SignInThrottle.MOST_FAILURES - 1);
        assertThat(throttle.wait("192.0.2.1")).isEmpty();
        clock.advance(Duration.ofMinutes(1));
        fail("192.0.2.1", 1);

        assertThat(throttle.wait("192.0.2.1")).contains(SignInThrottle.WINDOW.minusMinutes(1));
        assertThat(throttle.wait("192.0.2.2")).as("others do not").isEmpty();
        clock.advance(SignInThrottle.WINDOW.minusMinutes(1));
        assertThat(throttle.wait("192.0.2.1")).isEmpty();
        fail("192.0.2.1", 1);
        assertThat(throttle.wait("192.0.2.1")).as("it begins anew").isEmpty();
    }

    @Test
    void who_succeeds_is_forgiven() {
        fail("192.0.2.1", SignInThrottle.MOST_FAILURES - 1);
        throttle.succeeded("192.0.2.1");
        fail("192.0.2.1", 1);

        assertThat(throttle.wait("192.0.2.1")).isEmpty();
    }

    @Test
    void an_ipv6_subscriber_has_one_account_whatever_address_is_taken() {
        for (int host = 0; host < SignInThrottle.MOST_FAILURES; host++) {
            throttle.failed("2001:db8:0:1::" + Integer.toHexString(host));
        }

        assertThat(throttle.wait("2001:db8:0:1:ffff::1")).isPresent();
        assertThat(throttle.wait("2001:db8:0:2::1")).isEmpty();
    }

    @Test
    void addresses_are_remembered_up_to_a_bound() {
        fail("192.0.2.1", SignInThrottle.MOST_FAILURES);
        for (int i = 0; i < SignInThrottle.MOST_ADDRESSES; i++) {
            throttle.failed("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
        }

        assertThat(throttle.wait("192.0.2.1")).as("the oldest made room").isEmpty();
    }

    @Test
    void a_clock_that_is_set_back_locks_nobody_out() {
        fail("192.0.2.1", SignInThrottle.MOST_FAILURES);
        assertThat(throttle.wait("192.0.2.1")).isPresent();

        clock.advance(Duration.ofDays(-400));

        assertThat(throttle.wait("192.0.2.1")).isEmpty();
        fail("192.0.2.1", SignInThrottle.MOST_FAILURES);
        assertThat(throttle.wait("192.0.2.1")).as("it counts anew").contains(SignInThrottle.WINDOW);
    }

    private void fail(String address, int times) {
        for (int i = 0; i < times; i++) {
            throttle.failed(address);
        }
    }
}
