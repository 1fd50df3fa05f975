package walnut.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.database.AccessTokenTable;
import walnut.server.database.Database;
import walnut.server.database.Ids;
import walnut.server.database.LedgerTable;
import walnut.server.ledger.Ledger;
import walnut.server.natives.Natives;
import walnut.server.security.AccessToken;
import walnut.server.security.Role;
import walnut.server.security.Tokens;

/** The tokens in a data directory. Whoever can write there needs no token; the ledger names them "command line". */
final class DataDirTokens implements TokenHolder {
    private final Database database;
    private final Tokens tokens;

    private DataDirTokens(Database database, Tokens tokens) {
        this.database = database;
        this.tokens = tokens;
    }

    /** Makes the directory where there is none: a node's first token may be made before its first start. */
    static DataDirTokens open(Path dataDir) {
        try {
            Files.createDirectories(dataDir);
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "cannot use the data directory " + dataDir, e);
        }
        Natives.unpackTo(dataDir.toAbsolutePath());
        Clock clock = Clock.systemUTC();
        SecureRandom random = new SecureRandom();
        Database database = Database.open(dataDir.resolve("walnut.db"));
        Ledger ledger = Ledger.open(new LedgerTable(database), dataDir, random, clock);
        return new DataDirTokens(
                database,
                new Tokens(
                        new AccessTokenTable(database),
                        Optional.empty(),
                        ledger,
                        clock,
                        random,
                        new Ids(clock, random)::next));
    }

    @Override
    public JsonNode create(String name, Set<Role> roles, @Nullable Instant expiresAt) {
        Tokens.Issued issued = tokens.create(name, roles, expiresAt, Tokens.COMMAND_LINE);
        ObjectNode created = JsonNodeFactory.instance.objectNode();
        created.set("token", json(issued.token()));
        return created.put("secret", issued.secret());
    }

    @Override
    public ArrayNode list() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        tokens.all().forEach(token -> list.add(json(token)));
        return list;
    }

    @Override
    public JsonNode revoke(String tokenId) {
        return json(tokens.revoke(tokenId, Tokens.COMMAND_LINE));
    }

    @Override
    public void close() {
        database.close();
    }

    private static ObjectNode json(AccessToken token) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("tokenId", token.tokenId());
        json.put("name", token.name());
        ArrayNode roles = json.putArray("roles");
        token.roles().stream().sorted().map(Role::word).forEach(roles::add);
        json.put("createdBy", token.createdBy());
        json.put("createdAt", token.createdAt().toString());
        json.put("expiresAt", text(token.expiresAt()));
        json.put("revokedBy", token.revokedBy());
        json.put("revokedAt", text(token.revokedAt()));
        return json;
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
