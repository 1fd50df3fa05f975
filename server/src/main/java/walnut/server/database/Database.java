package walnut.server.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.StorageFailure;

/**
 * The database: SQLite in a file of this node, or a PostgreSQL that several nodes share. The same schema and the same
 * statements on both; a commit is on the disk when it returns. Each process has one connection that writes and a small
 * pool that reads.
 *
 * <p>Where the engines differ is asked of this class and nowhere else. On SQLite the process is alone, and a transaction
 * begins IMMEDIATE, so that nobody else writes meanwhile. On PostgreSQL others do: what reads before it writes must lock
 * the rows that it read, or the table where it is about rows that are not there.
 */
public final class Database implements AutoCloseable {
    private static final int READERS = 4;
    private static final int BUSY_TIMEOUT_MS = 30_000;
    private static final int ROWS_AT_ONCE = 1000;
    /** The primary result code of every input or output error, sqlite.org/rescode.html. */
    private static final int SQLITE_IOERR = 10;

    /** A connection to a file does not age; one to a server is renewed before a firewall forgets it. */
    private static final long AGELESS = 0;

    private static final long LIFETIME_MS = 30 * 60 * 1000;

    private enum Engine {
        SQLITE,
        POSTGRESQL
    }

    private final Engine engine;
    private final HikariDataSource writer;
    private final HikariDataSource readers;
    private final Jdbi write;
    private final Jdbi read;
    private final @Nullable WriteAheadLog log;
    /** The writer's connection while its commits leave the sync to others; used by whoever has that connection. */
    private @Nullable Connection relaxed;

    private Database(Engine engine, HikariDataSource writer, HikariDataSource readers, @Nullable WriteAheadLog log) {
        this.engine = engine;
        this.writer = writer;
        this.log = log;
        this.readers = readers;
        this.write = Jdbi.create(this::strictWriter)
                .setTransactionHandler(new WatchedCommits())
                .setSqlLogger(new WatchedStatements());
        this.read = Jdbi.create(readers);
    }

    /** Opens and migrates SQLite's file, making it where it is missing. The caller sees to it that it is alone. */
    public static Database open(Path file) {
        return open(file, WriteAheadLog.beside(file));
    }

    static Database open(Path file, WriteAheadLog.LogFile log) {
        return opened(() -> {
            HikariDataSource writer =
                    pool("database-writer", sqlite(file, SQLiteConfig.TransactionMode.IMMEDIATE), 1, AGELESS);
            migrate(writer);
            HikariDataSource readers =
                    pool("database-readers", sqlite(file, SQLiteConfig.TransactionMode.DEFERRED), READERS, AGELESS);
            return new Database(Engine.SQLITE, writer, readers, new WriteAheadLog(log));
        });
    }

    /**
     * Connects to PostgreSQL and migrates it; of several nodes that start at once, one does.
     *
     * @param url {@code jdbc:postgresql://host:port/database}, with the driver's parameters
     * @param password empty where the server asks for none
     */
    public static Database connect(String url, String user, String password) {
        return opened(() -> {
            // Migrating holds a lock on a connection beside the one it works on.
            migrate(postgresql(url, user, password));
            return new Database(
                    Engine.POSTGRESQL,
                    pool("database-writer", postgresql(url, user, password), 1, LIFETIME_MS),
                    pool("database-readers", postgresql(url, user, password), READERS, LIFETIME_MS),
                    null);
        });
    }

    private interface Opening {
        Database open();
    }

    private static Database opened(Opening opening) {
        try {
            return opening.open();
        } catch (FlywayException | PoolInitializationException e) {
            throw new WalnutException(
                    FailureCode.DATABASE_UNAVAILABLE, "the database cannot be opened: " + e.getMessage(), e);
        }
    }

    private static void migrate(DataSource writer) {
        Flyway.configure(Database.class.getClassLoader())
                .dataSource(writer)
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    private static DataSource sqlite(Path file, SQLiteConfig.TransactionMode mode) {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setJournalMode(SQLiteConfig.JournalMode.WAL);
        sqlite.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        sqlite.setTransactionMode(mode);
        sqlite.setBusyTimeout(BUSY_TIMEOUT_MS);
        sqlite.enforceForeignKeys(true);
        // Nobody asks for them, and the driver would run a query for them after each statement.
        sqlite.setGetGeneratedKeys(false);
        SQLiteDataSource source = new SQLiteDataSource(sqlite);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    private static DataSource postgresql(String url, String user, String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(password);
        source.setApplicationName("walnut");
        return source;
    }

    private static HikariDataSource pool(String name, DataSource source, int size, long lifetimeMs) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(name);
        pool.setDataSource(source);
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(1);
        pool.setMaxLifetime(lifetimeMs);
        return new HikariDataSource(pool);
    }

    /** For statements that change something; one at a time in this process. */
    Jdbi write() {
        return write;
    }

    /** For statements that only look. */
    Jdbi read() {
        return read;
    }

    /**
     * A transaction during which nobody else changes this table, in this process or another one: for what looks whether a
     * row is there before it adds it.
     */
    <T> T alone(String table, HandleCallback<T, RuntimeException> work) {
        return write.inTransaction(handle -> {
            if (engine == Engine.POSTGRESQL) {
                handle.execute("lock table " + table + " in share row exclusive mode");
            }
            return work.withHandle(handle);
        });
    }

    /** At the end of a query that claims rows: passes over those that another process is claiming now. */
    String takingFreeRows() {
        return engine == Engine.POSTGRESQL ? " for update skip locked" : "";
    }

    /** The same, where only the rows of one of several tables are claimed. */
    String takingFreeRows(String table) {
        return engine == Engine.POSTGRESQL ? " for update of " + table + " skip locked" : "";
    }

    /** At the end of a query for rows that the transaction goes on to change: nobody else changes them meanwhile. */
    String waitingForRows() {
        return engine == Engine.POSTGRESQL ? " for update" : "";
    }

    /** Whether other processes may work on this database too. */
    public boolean isShared() {
        return engine == Engine.POSTGRESQL;
    }

    /** Hands every row over as it is read, without holding them all. */
    <T> void stream(String query, Map<String, ?> values, RowMapper<T> mapper, Consumer<T> action) {
        // PostgreSQL sends rows piece by piece only within a transaction.
        read.useTransaction(handle -> {
            try (Stream<T> rows =
                    handle.createQuery(query).bindMap(values).setFetchSize(ROWS_AT_ONCE).map(mapper).stream()) {
                rows.forEach(action);
            }
        });
    }

    /**
     * Does work on the one connection that writes; nobody else writes meanwhile. The connection is in auto-commit mode,
     * and on SQLite its commits write the log without syncing it, see {@link #awaitDurable}.
     */
    <T> T onRelaxedWriter(SqlWork<T> work) {
        try (Connection connection = writer.getConnection()) {
            Connection own = connection.unwrap(Connection.class);
            if (log != null) {
                log.endDoubt();
                relax(own);
            }
            return work.on(own);
        } catch (SQLException e) {
            doubtAfter(e);
            throw failureOf(e);
        }
    }

    /** The connection that writes, with commits that are on the disk when they return. */
    private Connection strictWriter() throws SQLException {
        Connection connection = writer.getConnection();
        if (log == null) {
            return connection;
        }
        boolean strict = false;
        try {
            log.endDoubt();
            beStrict(connection.unwrap(Connection.class));
            strict = true;
            return connection;
        } finally {
            if (!strict) {
                connection.close();
            }
        }
    }

    private void relax(Connection own) throws SQLException {
        if (relaxed != own) {
            synchronous(own, "normal");
            relaxed = own;
        }
    }

    private void beStrict(Connection own) throws SQLException {
        if (relaxed == own) {
            synchronous(own, "full");
            relaxed = null;
        }
    }

    private static void synchronous(Connection connection, String mode) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma synchronous = " + mode);
        }
    }

    /** SQLite may have met the failed sync itself, and would take the next one for a success. */
    private void doubtAfter(SQLException failure) {
        if (log != null && (failure.getErrorCode() & 0xFF) == SQLITE_IOERR) {
            log.doubt();
        }
    }

    private final class WatchedCommits extends LocalTransactionHandler {
        @Override
        public void commit(Handle handle) {
            try {
                super.commit(handle);
            } catch (TransactionException e) {
                if (e.getCause() instanceof SQLException) {
                    doubtAfter((SQLException) e.getCause());
                }
                throw e;
            }
        }
    }

    private final class WatchedStatements implements SqlLogger {
        @Override
        public void logException(StatementContext context, SQLException failure) {
            doubtAfter(failure);
        }
    }

    /** Whether everything that was committed is on the disk as far as anybody knows; if not, nothing is written. */
    public boolean isSynced() {
        return log == null || !log.isInDoubt();
    }

    /** Names what a statement of ours met: a full disk, or a database that is away. */
    public static WalnutException failureOf(Exception e) {
        WalnutException storage = StorageFailure.of(e);
        return storage.code() == FailureCode.STORAGE_FULL
                ? storage
                : new WalnutException(
                        FailureCode.DATABASE_UNAVAILABLE, "the database could not be asked: " + e.getMessage(), e);
    }

    /** As {@link #failureOf}, of what came out of a table's method; empty where that was no statement's doing. */
    public static Optional<WalnutException> failureOfTable(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                return Optional.of(failureOf(failure));
            }
        }
        return Optional.empty();
    }

    /** Work on a connection. */
    interface SqlWork<T> {
        T on(Connection connection) throws SQLException;
    }

    /** When this returns, every commit that returned before it was called is on the disk. */
    void awaitDurable() {
        if (log != null) {
            log.sync();
        }
    }

    @Override
    public void close() {
        readers.close();
        writer.close();
    }
}
