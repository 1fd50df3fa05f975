package walnut.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** A running node, asked by its API; what it refuses with a code fails here with the same. */
final class NodeApi {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final HttpClient client;
    private final URI server;
    private final Optional<String> secret;
    private final Duration patience;

    /** @param patience for a connection, and then for an answer */
    NodeApi(URI server, Optional<String> secret, Duration patience) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience)
                .build();
        this.server = server;
        this.secret = secret;
        this.patience = patience;
    }

    JsonNode get(String address) {
        return ask("GET", address, "");
    }

    JsonNode post(String address, JsonNode body) {
        return ask("POST", address, body.toString());
    }

    JsonNode delete(String address) {
        return ask("DELETE", address, "");
    }

    private JsonNode ask(String method, String address, String body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(address))
                    .timeout(patience)
                    .header("Content-Type", "application/json")
                    .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
            secret.ifPresent(token -> request.header("Authorization", "Bearer " + token));
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            JsonNode answer = MAPPER.readTree(response.body());
            if (response.statusCode() / 100 == 2) {
                return answer;
            }
            throw new WalnutException(
                    code(answer.path("code").asText()), answer.path("detail").asText("HTTP " + response.statusCode()));
        } catch (IOException | IllegalArgumentException e) {
            throw new WalnutException(FailureCode.PEER_UNREACHABLE, "no node answers at " + server, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WalnutException(FailureCode.PEER_UNREACHABLE, "interrupted while asking " + server, e);
        }
    }

    private static FailureCode code(String name) {
        return Arrays.stream(FailureCode.values())
                .filter(code -> code.name().equals(name))
                .findFirst()
                .orElse(FailureCode.PROTOCOL_VIOLATION);
    }
}
