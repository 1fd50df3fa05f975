package walnut.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import walnut.server.security.Role;

/** The tokens of a running node, by its API; what it answers with a code fails here with the same. */
final class ServerTokens implements TokenHolder {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TOKENS = "/api/v1/tokens";

    private final NodeApi node;

    ServerTokens(URI server, String secret) {
        this.node = new NodeApi(server, Optional.of(secret), PATIENCE);
    }

    @Override
    public JsonNode create(String name, Set<Role> roles, @Nullable Instant expiresAt) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name);
        ArrayNode words = body.putArray("roles");
        roles.stream().sorted().map(Role::word).forEach(words::add);
        body.put("expiresAt", expiresAt == null ? null : expiresAt.toString());
        return node.post(TOKENS, body);
    }

    @Override
    public ArrayNode list() {
        return (ArrayNode) node.get(TOKENS).path("tokens");
    }

    @Override
    public JsonNode revoke(String tokenId) {
        return node.delete(TOKENS + "/" + tokenId);
    }

    @Override
    public void close() {
        // The client has nothing that outlives its last answer.
    }
}
