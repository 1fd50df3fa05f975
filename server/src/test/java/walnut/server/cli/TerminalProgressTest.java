package walnut.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final AtomicLong nanos = new AtomicLong();

    private String drawn() {
        String text = bytes.toString(StandardCharsets.UTF_8);
        bytes.reset();
        return text;
    }

    @Test
    void the_bar_tells_how_much_is_done_and_left_and_goes_away() {
        TerminalProgress progress = new TerminalProgress("headers", terminal, nanos::get);
        progress.update(1, 2400);
        assertThat(drawn()).isEmpty();
        nanos.set(2_000_000_000L);
        progress.update(600, 2400);
        assertThat(drawn()).isEqualTo("\r\033[Kheaders ██████░░░░░░░░░░░░░░░░░░ 600 of 2,400, 6 s left");
        progress.update(601, 2400);
        assertThat(drawn()).as("at most ten times a second").isEmpty();
        progress.update(2400, 2400);
        assertThat(drawn()).isEqualTo("\r\033[K");
        progress.clear();
        assertThat(drawn()).isEmpty();
    }

    @Test
    void work_that_is_done_at_once_draws_nothing() {
        TerminalProgress progress = new TerminalProgress("headers", terminal, nanos::get);
        progress.update(1, 2);
        progress.update(2, 2);
        assertThat(drawn()).isEmpty();
    }

    @Test
    void without_a_terminal_there_is_nothing() {
        TerminalProgress progress = new TerminalProgress("headers", null, nanos::get);
        nanos.set(2_000_000_000L);
        progress.headersRead(1, 2);
        progress.clear();
        assertThat(drawn()).isEmpty();
    }
}
