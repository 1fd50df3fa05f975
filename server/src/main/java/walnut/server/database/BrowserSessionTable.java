package walnut.server.database;

import java.time.Instant;
import java.util.Optional;
import walnut.server.security.SessionStore;

/** Browsers that are signed in, by the digest of their session's key. */
public final class BrowserSessionTable implements SessionStore {
    private final Database database;

    public BrowserSessionTable(Database database) {
        this.database = database;
    }

    @Override
    public void open(String keySha256, Session session, Instant openedBefore, Instant seenBefore, int most) {
        database.write().useTransaction(handle -> {
            handle.createUpdate("delete from browser_session where opened_at <= :opened or last_seen_at <= :seen")
                    .bind("opened", Microseconds.of(openedBefore))
                    .bind("seen", Microseconds.of(seenBefore))
                    .execute();
            handle.createUpdate("delete from browser_session where key_sha256 not in (select key_sha256 from"
                            + " browser_session order by opened_at desc, key_sha256 limit :others)")
                    .bind("others", most - 1)
                    .execute();
            handle.createUpdate("insert into browser_session (key_sha256, token_id, opened_at, last_seen_at)"
                            + " values (:key, :token, :opened, :seen)")
                    .bind("key", keySha256)
                    .bind("token", session.tokenId())
                    .bind("opened", Microseconds.of(session.openedAt()))
                    .bind("seen", Microseconds.of(session.lastSeenAt()))
                    .execute();
        });
    }

    @Override
    public Optional<Session> find(String keySha256) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select * from browser_session where key_sha256 = :key")
                        .bind("key", keySha256)
                        .map((row, context) -> new Session(
                                row.getString("token_id"),
                                Microseconds.toInstant(row.getLong("opened_at")),
                                Microseconds.toInstant(row.getLong("last_seen_at"))))
                        .findOne());
    }

    @Override
    public void seen(String keySha256, Instant at) {
        database.write().useHandle(handle -> handle.createUpdate(
                        "update browser_session set last_seen_at = :at where key_sha256 = :key and last_seen_at < :at")
                .bind("at", Microseconds.of(at))
                .bind("key", keySha256)
                .execute());
    }

    @Override
    public void close(String keySha256) {
        database.write().useHandle(handle -> handle.createUpdate("delete from browser_session where key_sha256 = :key")
                .bind("key", keySha256)
                .execute());
    }
}
