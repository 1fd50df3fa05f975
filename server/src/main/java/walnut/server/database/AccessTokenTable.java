package walnut.server.database;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import walnut.server.security.AccessToken;
import walnut.server.security.Role;
import walnut.server.security.TokenStore;

/** Tokens by the digest of their secret. */
public final class AccessTokenTable implements TokenStore {
    private static final RowMapper<AccessToken> TOKEN = (row, context) -> {
        long expires = row.getLong("expires_at");
        Instant expiresAt = row.wasNull() ? null : Microseconds.toInstant(expires);
        long revoked = row.getLong("revoked_at");
        Instant revokedAt = row.wasNull() ? null : Microseconds.toInstant(revoked);
        return new AccessToken(
                row.getString("token_id"),
                row.getString("name"),
                Arrays.stream(row.getString("roles").split(","))
                        .map(Role::ofWord)
                        .collect(Collectors.toSet()),
                row.getString("created_by"),
                Microseconds.toInstant(row.getLong("created_at")),
                expiresAt,
                row.getString("revoked_by"),
                revokedAt);
    };

    private final Database database;

    public AccessTokenTable(Database database) {
        this.database = database;
    }

    @Override
    public boolean add(AccessToken token, String secretSha256) {
        return database.write().withHandle(handle -> insert(handle, token, secretSha256));
    }

    @Override
    public boolean addFirst(AccessToken token, String secretSha256) {
        return database.write().inTransaction(handle -> isEmpty(handle) && insert(handle, token, secretSha256));
    }

    private static boolean insert(Handle handle, AccessToken token, String secretSha256) {
        return handle.createUpdate("insert into access_token (token_id, name, secret_sha256, roles, created_by,"
                                + " created_at, expires_at) values (:id, :name, :secret, :roles, :by, :at, :expires)"
                                + " on conflict (name) do nothing")
                        .bind("id", token.tokenId())
                        .bind("name", token.name())
                        .bind("secret", secretSha256)
                        .bind("roles", Role.words(token.roles()).replace(" ", ""))
                        .bind("by", token.createdBy())
                        .bind("at", Microseconds.of(token.createdAt()))
                        .bind("expires", microseconds(token.expiresAt()))
                        .execute()
                == 1;
    }

    private static @Nullable Long microseconds(@Nullable Instant instant) {
        return instant == null ? null : Microseconds.of(instant);
    }

    @Override
    public Optional<AccessToken> findBySecret(String secretSha256) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select * from access_token where secret_sha256 = :secret")
                        .bind("secret", secretSha256)
                        .map(TOKEN)
                        .findOne());
    }

    @Override
    public Optional<AccessToken> find(String tokenId) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select * from access_token where token_id = :id")
                        .bind("id", tokenId)
                        .map(TOKEN)
                        .findOne());
    }

    @Override
    public List<AccessToken> all() {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from access_token order by created_at desc, token_id desc")
                .map(TOKEN)
                .list());
    }

    @Override
    public boolean isEmpty() {
        return database.read().withHandle(AccessTokenTable::isEmpty);
    }

    private static boolean isEmpty(Handle handle) {
        return handle.createQuery("select count(*) from access_token")
                        .mapTo(Long.class)
                        .one()
                == 0;
    }

    @Override
    public void revoke(String tokenId, String revokedBy, Instant at) {
        database.write().useTransaction(handle -> {
            handle.createUpdate("update access_token set revoked_by = :by, revoked_at = :at"
                            + " where token_id = :id and revoked_at is null")
                    .bind("by", revokedBy)
                    .bind("at", Microseconds.of(at))
                    .bind("id", tokenId)
                    .execute();
            handle.createUpdate("delete from browser_session where token_id = :id")
                    .bind("id", tokenId)
                    .execute();
        });
    }
}
