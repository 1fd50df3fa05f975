package walnut.server.database;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import walnut.store.InstanceIndex;
import walnut.testing.InstanceIndexContract;

/** The index keeps on either engine what every index promises; reopening is another process finding the rows. */
@ParameterizedClass(name = "{0}")
@EnumSource
class DatabaseInstanceIndexTest extends InstanceIndexContract {
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T08:00:00Z"));

    private final DatabaseEngine engine;

    @TempDir
    private Path folder;

    private Database database;

    DatabaseInstanceIndexTest(DatabaseEngine engine) {
        this.engine = engine;
    }

    @Override
    protected InstanceIndex open() {
        database = engine.open(folder.resolve("walnut.db"));
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
