package walnut.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import walnut.dicom.data.Uid;
import walnut.store.Committed;
import walnut.store.Disposition;
import walnut.store.InstanceIndex;
import walnut.store.Likeness;
import walnut.store.StoredInstance;
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

    @Test
    void an_object_of_no_patient_is_listed_and_opens_no_case() {
        DatabaseInstanceIndex index =
                new DatabaseInstanceIndex(database, Duration.ofSeconds(1), clock, new Ids(clock, new Random(2)));
        StoredInstance protocol = new StoredInstance(
                "1.2.3",
                Uid.HangingProtocolStorage,
                "",
                "",
                Uid.ExplicitVRLittleEndian,
                "",
                "",
                "instances/1.dcm",
                100,
                "0".repeat(64),
                1,
                "PACS");
        assertThat(index.commit(List.of(protocol), (earlier, later) -> Likeness.OTHER_CONTENT))
                .containsExactly(new Committed(Disposition.NEW, protocol));
        assertThat(index.newestOfNoStudy(10)).containsExactly(protocol);
        assertThat(index.newestOfNoStudy(0)).isEmpty();
        assertThat(index.countOfNoStudy()).isEqualTo(1);
        assertThat(new CaseTable(database, clock).ofStudy("")).isEmpty();
    }

    @AfterEach
    void close() {
        database.close();
    }
}
