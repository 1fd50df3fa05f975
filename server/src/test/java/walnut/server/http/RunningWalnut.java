package walnut.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import walnut.server.security.Role;
import walnut.server.security.Tokens;

/** A listener on a free loopback port, and a client for it. */
public final class RunningWalnut implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int PATIENCE_SECONDS = 60;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final WalnutHttp http;
    private final InMemoryHospital hospital;
    private final Tokens.Issued everyRole;

    private RunningWalnut(HttpSettings settings, InMemoryHospital hospital) {
        this.hospital = hospital;
        everyRole = hospital.token(Role.values());
        http = await(WalnutHttp.start(vertx, settings, hospital.dependencies()));
    }

    public static RunningWalnut on(HttpSettings settings, InMemoryHospital hospital) {
        return new RunningWalnut(settings, hospital);
    }

    public String address() {
        return "http://localhost:" + http.port();
    }

    int port() {
        return http.port();
    }

    /** Of a token with every role. */
    public String secret() {
        return everyRole.secret();
    }

    /** Where a browser is signed in with every role; opens once. */
    public String signInAddress() {
        return address() + hospital.access().links().make(everyRole.token());
    }

    /** Where a browser is signed in with these roles; opens once. */
    public String signInAddress(Role... roles) {
        return address() + hospital.access().links().make(hospital.token(roles).token());
    }

    /** With a token of every role. */
    HttpRequest.Builder request(String path) {
        return anonymous(path).header("Authorization", "Bearer " + everyRole.secret());
    }

    /** With a token of these roles. */
    HttpResponse<String> get(String path, Role... roles) {
        return send(anonymous(path)
                .header("Authorization", "Bearer " + hospital.token(roles).secret())
                .build());
    }

    /** Without a token. */
    HttpRequest.Builder anonymous(String path) {
        return HttpRequest.newBuilder(URI.create(address() + path)).timeout(Duration.ofSeconds(PATIENCE_SECONDS));
    }

    HttpResponse<String> get(String path) {
        return send(request(path).build());
    }

    HttpResponse<String> post(String path, String contentType, String body) {
        return send(request(path)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    HttpResponse<String> put(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    HttpResponse<String> delete(String path) {
        return send(request(path).DELETE().build());
    }

    HttpResponse<String> send(HttpRequest request) {
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException e) {
            throw new AssertionError("no answer to " + request, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return MAPPER.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + response.body(), e);
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        await(http.close());
        await(vertx.close());
    }
}
