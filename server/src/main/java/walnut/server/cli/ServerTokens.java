package walnut.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.security.Role;

/** The tokens of a running node, by its API; what it answers with a code fails here with the same. */
final class ServerTokens implements TokenHolder {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI tokens;
    private final String secret;

    ServerTokens(URI server, String secret) {
        this.tokens = server.resolve("/api/v1/tokens");
        this.secret = secret;
    }

    @Override
    public JsonNode create(String name, Set<Role> roles, @Nullable Instant expiresAt) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name);
        ArrayNode words = body.putArray("roles");
        roles.stream().sorted().map(Role::word).forEach(words::add);
        body.put("expiresAt", expiresAt == null ? null : expiresAt.toString());
        return ask("POST", tokens, BodyPublishers.ofString(body.toString()));
    }

    @Override
    public ArrayNode list() {
        return (ArrayNode) ask("GET", tokens, BodyPublishers.noBody()).path("tokens");
    }

    @Override
    public JsonNode revoke(String tokenId) {
        return ask("DELETE", tokens.resolve("/api/v1/tokens/" + tokenId), BodyPublishers.noBody());
    }

    private JsonNode ask(String method, URI address, BodyPublisher body) {
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(address)
                            .timeout(PATIENCE)
                            .header("Authorization", "Bearer " + secret)
                            .header("Content-Type", "application/json")
                            .method(method, body)
                            .build(),
                    BodyHandlers.ofString());
            JsonNode answer = MAPPER.readTree(response.body());
            if (response.statusCode() / 100 == 2) {
                return answer;
            }
            throw new WalnutException(
                    code(answer.path("code").asText()), answer.path("detail").asText("HTTP " + response.statusCode()));
        } catch (IOException | IllegalArgumentException e) {
            throw new WalnutException(FailureCode.PEER_UNREACHABLE, "no node answers at " + address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WalnutException(FailureCode.PEER_UNREACHABLE, "interrupted while asking " + address, e);
        }
    }

    private static FailureCode code(String name) {
        return Arrays.stream(FailureCode.values())
                .filter(code -> code.name().equals(name))
                .findFirst()
                .orElse(FailureCode.PROTOCOL_VIOLATION);
    }

    @Override
    public void close() {
        // The client has nothing that outlives its last answer.
    }
}
