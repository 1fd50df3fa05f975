package walnut.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import walnut.server.security.Role;

/** Where a command finds a node's tokens; answers are as {@code /api/v1/tokens} gives them. */
interface TokenHolder extends AutoCloseable {

    /** {@code {"token": …, "secret": …}}. */
    JsonNode create(String name, Set<Role> roles, @Nullable Instant expiresAt);

    ArrayNode list();

    /** The token as it is afterwards. */
    JsonNode revoke(String tokenId);

    @Override
    void close();
}
