package walnut.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import walnut.testing.DataDirectory;
import walnut.testing.InMemoryInstanceIndex;
import walnut.testing.InstanceStoreContract;
import walnut.testing.JournalInstanceIndex;

/** The contract on the real disk and on the unreliable one, over the doubles; the server's test adds SQLite. */
class InstanceStoreContractTest {
    private static final StoreConfig CONFIG = new StoreConfig(2, 1 << 20, 0);

    @Nested
    class UnreliableDiskInMemory extends InstanceStoreContract {
        private static final Path ROOT = Path.of("/data");

        private final InMemoryInstanceIndex index = new InMemoryInstanceIndex();
        private UnreliableDisk disk = new UnreliableDisk();
        private boolean opened;

        /** Every reopening is a power cut that takes whatever was not synced. */
        @Override
        protected InstanceStore open(InstanceListener listener) {
            if (opened) {
                disk = disk.afterPowerCut(UnreliableDisk.Survival.NOTHING);
            }
            opened = true;
            return InstanceStore.open(ROOT, index, listener, CONFIG, Clock.systemUTC(), disk);
        }

        @Override
        protected InstanceIndex index() {
            return index;
        }

        @Override
        protected List<String> files() {
            return disk.paths().stream()
                    .map(path -> ROOT.relativize(path).toString())
                    .filter(name -> name.endsWith(".dcm"))
                    .toList();
        }

        @Override
        protected byte[] bytes(String file) {
            return disk.bytes(ROOT.resolve(file));
        }
    }

    abstract static class OnRealDisk extends InstanceStoreContract {
        @TempDir
        Path folder;

        private InstanceIndex index = new InMemoryInstanceIndex();

        protected abstract InstanceIndex openIndex(InstanceIndex before) throws IOException;

        @Override
        protected InstanceStore open(InstanceListener listener) throws IOException {
            index = openIndex(index);
            return InstanceStore.open(folder.resolve("data"), index, listener, CONFIG, Clock.systemUTC());
        }

        @Override
        protected InstanceIndex index() {
            return index;
        }

        @Override
        protected List<String> files() throws IOException {
            return new DataDirectory(folder.resolve("data")).files();
        }

        @Override
        protected byte[] bytes(String file) throws IOException {
            return new DataDirectory(folder.resolve("data")).bytes(file);
        }
    }

    @Nested
    class RealDiskInMemory extends OnRealDisk {
        @Override
        protected InstanceIndex openIndex(InstanceIndex before) {
            return before;
        }
    }

    @Nested
    class RealDiskJournal extends OnRealDisk {
        @Override
        protected InstanceIndex openIndex(InstanceIndex before) throws IOException {
            close(before);
            return new JournalInstanceIndex(folder.resolve("journal"));
        }

        @AfterEach
        void closeJournal() throws IOException {
            close(index());
        }

        private void close(InstanceIndex index) throws IOException {
            if (index instanceof JournalInstanceIndex journal) {
                journal.close();
            }
        }
    }
}
