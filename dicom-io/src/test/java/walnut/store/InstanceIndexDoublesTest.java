package walnut.store;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import walnut.testing.InMemoryInstanceIndex;
import walnut.testing.InstanceIndexContract;
import walnut.testing.JournalInstanceIndex;

/** The doubles are held to the contract of the index that they stand for. */
class InstanceIndexDoublesTest {
    @Nested
    class InMemory extends InstanceIndexContract {
        @Override
        protected InstanceIndex open() {
            return new InMemoryInstanceIndex();
        }
    }

    @Nested
    class Journal extends InstanceIndexContract {
        @TempDir
        private Path directory;

        @Override
        protected InstanceIndex open() throws IOException {
            return new JournalInstanceIndex(directory.resolve("journal"));
        }

        @Override
        protected InstanceIndex reopen(InstanceIndex open) throws IOException {
            ((JournalInstanceIndex) open).close();
            return open();
        }
    }
}
