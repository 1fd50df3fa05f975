package walnut.server.dimse;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.server.database.Ids;

class IngestWarmUpTest {
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path dataDirectory;

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private IngestWarmUp warmUp(Duration limit) {
        Clock clock = Clock.systemUTC();
        return new IngestWarmUp(dataDirectory.resolve("warm-up"), limit, 40, clock, new Ids(clock, new Random(1)));
    }

    @Test
    void receives_as_many_as_it_should_and_leaves_nothing_behind() throws Exception {
        assertThat(warmUp(Duration.ofMinutes(2)).run(vertx)).isEqualTo(40);
        assertThat(entries()).isEmpty();
    }

    @Test
    void is_over_when_its_time_is_over() throws Exception {
        assertThat(warmUp(Duration.ofNanos(1)).run(vertx)).isZero();
        assertThat(entries()).isEmpty();
    }

    @Test
    void without_time_does_nothing_but_remove_what_a_crash_left() throws Exception {
        Path left = Files.createDirectories(dataDirectory.resolve("warm-up/instances/2026-01-01"));
        Files.writeString(left.resolve("1.dcm"), "half an image");
        assertThat(warmUp(Duration.ZERO).run(vertx)).isZero();
        assertThat(entries()).isEmpty();
    }

    @Test
    void a_folder_that_cannot_be_made_keeps_no_node_from_starting() throws Exception {
        Files.createDirectories(dataDirectory);
        IngestWarmUp blocked = new IngestWarmUp(
                Files.writeString(dataDirectory.resolve("file"), "").resolve("warm-up"),
                Duration.ofMinutes(2),
                40,
                Clock.systemUTC(),
                new Ids(Clock.systemUTC(), new Random(1)));
        assertThat(blocked.run(vertx)).isZero();
        assertThat(entries()).containsExactly(dataDirectory.resolve("file"));
    }

    private List<Path> entries() throws Exception {
        try (Stream<Path> entries = Files.list(dataDirectory)) {
            return entries.toList();
        }
    }
}
