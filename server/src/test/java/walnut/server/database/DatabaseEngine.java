package walnut.server.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the tables must run on alike. PostgreSQL is a real server, one for all tests of a run, with a database for each. */
public enum DatabaseEngine {
    SQLITE {
        @Override
        public Database open(Path file) {
            return Database.open(file);
        }
    },
    POSTGRESQL {
        @Override
        public Database open(Path file) {
            return Database.connect(urlOf(file), USER, "");
        }
    };

    public static final String USER = "postgres";

    private static final Map<Path, String> NAMES = new HashMap<>();
    private static @Nullable EmbeddedPostgres server;

    /** Opens the database of this name, which is empty the first time and what it was when it is opened again. */
    public abstract Database open(Path file);

    /** Where PostgreSQL's database of this name is, made where it is missing. */
    public static synchronized String urlOf(Path file) {
        try {
            EmbeddedPostgres running = server;
            if (running == null) {
                running = EmbeddedPostgres.builder().start();
                server = running;
            }
            String name = NAMES.get(file);
            if (name == null) {
                name = "walnut" + NAMES.size();
                try (Connection connection = running.getPostgresDatabase().getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("create database " + name);
                }
                NAMES.put(file, name);
            }
            return running.getJdbcUrl(USER, name);
        } catch (IOException | SQLException e) {
            throw new AssertionError("PostgreSQL did not start", e);
        }
    }
}
