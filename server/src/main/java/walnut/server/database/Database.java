package walnut.server.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * The embedded database: SQLite in WAL mode. A commit is on the disk when it returns (synchronous=FULL); there is one
 * connection that writes, each transaction beginning IMMEDIATE so that it never fails half-way for a lock, and a small
 * pool that reads.
 */
public final class Database implements AutoCloseable {
    private static final int READERS = 4;
    private static final int BUSY_TIMEOUT_MS = 30_000;

    private final HikariDataSource writer;
    private final HikariDataSource readers;
    private final Jdbi write;
    private final Jdbi read;
    private final WriteAheadLog log;

    private Database(HikariDataSource writer, HikariDataSource readers, WriteAheadLog log) {
        this.writer = writer;
        this.log = log;
        this.readers = readers;
        this.write = Jdbi.create(writer);
        this.read = Jdbi.create(readers);
    }

    /** Opens and migrates the database file, making it where it is missing. */
    public static Database open(Path file) {
        try {
            HikariDataSource writer = pool("database-writer", file, 1, false);
            Flyway.configure(Database.class.getClassLoader())
                    .dataSource(writer)
                    .locations("classpath:db/migration")
                    .load()
                    .migrate();
            return new Database(writer, pool("database-readers", file, READERS, true), new WriteAheadLog(file));
        } catch (FlywayException | PoolInitializationException e) {
            throw new WalnutException(
                    FailureCode.DATABASE_UNAVAILABLE, "the database cannot be opened: " + e.getMessage(), e);
        }
    }

    private static HikariDataSource pool(String name, Path file, int size, boolean readOnly) {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
        sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        sqlite.setTransactionMode(
                readOnly ? SQLiteConfig.TransactionMode.DEFERRED : SQLiteConfig.TransactionMode.IMMEDIATE);
        sqlite.setBusyTimeout(BUSY_TIMEOUT_MS);
        sqlite.enforceForeignKeys(true);
        SQLiteDataSource source = new SQLiteDataSource(sqlite);
        source.setUrl("jdbc:sqlite:" + file);
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(name);
        pool.setDataSource(source);
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(1);
        // A connection to a file does not age.
        pool.setMaxLifetime(0);
        return new HikariDataSource(pool);
    }

    /** For statements that change something; one at a time. */
    Jdbi write() {
        return write;
    }

    /** Does work on the one connection that writes; nobody else writes meanwhile. The connection is in auto-commit mode. */
    <T> T onWriter(SqlWork<T> work) {
        try (Connection connection = writer.getConnection()) {
            return work.on(connection.unwrap(SQLiteConnection.class));
        } catch (SQLException e) {
            throw new WalnutException(
                    FailureCode.DATABASE_UNAVAILABLE, "the database could not commit: " + e.getMessage(), e);
        }
    }

    /** Work on a connection. */
    interface SqlWork<T> {
        T on(Connection connection) throws SQLException;
    }

    WriteAheadLog log() {
        return log;
    }

    /** For statements that only look. */
    Jdbi read() {
        return read;
    }

    @Override
    public void close() {
        readers.close();
        writer.close();
    }
}
