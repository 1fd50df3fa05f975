package walnut.server.database;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import walnut.store.InstanceIndex;
import walnut.testing.InstanceIndexContract;

/** The SQLite index keeps what every index promises; reopening is another process finding the file. */
class DatabaseInstanceIndexTest extends InstanceIndexContract {
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));

    @TempDir
    private Path folder;

    private Database database;

    @Override
    protected InstanceIndex open() {
        database = Database.open(folder.resolve("walnut.db"));
        return new DatabaseInstanceIndex(database, Duration.ofSeconds(1), clock, new Ids(clock, new Random(1)));
    }

    @Override
    protected InstanceIndex reopen(InstanceIndex open) {
        database.close();
        return open();
    }

    @AfterEach
    void close() {
        database.close();
    }
}
