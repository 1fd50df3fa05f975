package walnut.server.database;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import walnut.store.InstanceIndex;
import walnut.store.InstanceListener;
import walnut.store.InstanceStore;
import walnut.store.StoreConfig;
import walnut.testing.DataDirectory;
import walnut.testing.InstanceStoreContract;

/** The store as a node runs it: the real disk, and either engine. */
@ParameterizedClass(name = "{0}")
@EnumSource
class DatabaseInstanceStoreTest extends InstanceStoreContract {
    private final DatabaseEngine engine;

    @TempDir
    private Path folder;

    private @Nullable Database database;
    private @Nullable InstanceIndex index;

    DatabaseInstanceStoreTest(DatabaseEngine engine) {
        this.engine = engine;
    }

    @Override
    protected InstanceStore open(InstanceListener listener) {
        close();
        Clock clock = Clock.systemUTC();
        database = engine.open(folder.resolve("walnut.db"));
        index = new DatabaseInstanceIndex(database, Duration.ofSeconds(1), clock, new Ids(clock, new Random(1)));
        return InstanceStore.open(folder, index, listener, new StoreConfig(2, 1 << 20, 0), clock);
    }

    @Override
    protected InstanceIndex index() {
        return index;
    }

    @Override
    protected List<String> files() throws IOException {
        return new DataDirectory(folder).files();
    }

    @Override
    protected byte[] bytes(String file) throws IOException {
        return new DataDirectory(folder).bytes(file);
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }
}
