package walnut.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import walnut.server.security.AccessToken;
import walnut.server.security.Role;
import walnut.server.security.Tokens;

/** Tokens: made, listed, revoked. A secret is told once, when its token is made. */
public final class TokenRoutes implements Routes {
    private static final long LARGEST_BODY = 16 * 1024;
    private static final Set<String> FIELDS = Set.of("name", "roles", "expiresAt");

    private final Tokens tokens;
    private final WorkerAnswers workers;

    public TokenRoutes(Tokens tokens, WorkerAnswers workers) {
        this.tokens = tokens;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/v1/tokens")
                .handler(workers.json(context -> () -> Map.of(
                        "tokens", tokens.all().stream().map(TokenRoutes::report).toList())));
        router.post("/api/v1/tokens")
                .handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY))
                .handler(workers.answer(this::creation, TokenRoutes::sendCreated));
        router.delete("/api/v1/tokens/:tokenId").handler(workers.json(context -> {
            String tokenId = Parameters.path(context, "tokenId");
            String revokedBy = Callers.of(context).name();
            return () -> report(tokens.revoke(tokenId, revokedBy));
        }));
    }

    private Callable<Created> creation(RoutingContext context) {
        JsonNode body = JsonBody.of(context);
        body.fieldNames().forEachRemaining(field -> {
            if (!FIELDS.contains(field)) {
                throw Parameters.invalid("a token has name, roles and expiresAt");
            }
        });
        String name = JsonBody.text(body, "name");
        Set<Role> roles = roles(body.path("roles"));
        Instant expiresAt = instant(body.path("expiresAt"));
        String createdBy = Callers.of(context).name();
        return () -> {
            Tokens.Issued issued = tokens.create(name, roles, expiresAt, createdBy);
            return new Created(report(issued.token()), issued.secret());
        };
    }

    private static void sendCreated(RoutingContext context, Created created) {
        context.response()
                .putHeader(
                        HttpHeaders.LOCATION,
                        "/api/v1/tokens/" + created.token().tokenId());
        ApiJson.send(context, 201, "application/json", created);
    }

    private static Set<Role> roles(JsonNode list) {
        if (!list.isArray() || list.isEmpty()) {
            throw Parameters.invalid("roles must be a list with at least one of " + Role.words(Set.of(Role.values())));
        }
        return StreamSupport.stream(list.spliterator(), false)
                .map(role -> Role.ofWord(role.asText()))
                .collect(Collectors.toSet());
    }

    private static @Nullable Instant instant(JsonNode text) {
        if (text.isMissingNode() || text.isNull()) {
            return null;
        }
        try {
            return Instant.parse(text.asText());
        } catch (DateTimeParseException e) {
            throw Parameters.invalid("expiresAt must be a time such as 2027-01-31T12:00:00Z");
        }
    }

    private static Token report(AccessToken token) {
        return new Token(
                token.tokenId(),
                token.name(),
                token.roles().stream().sorted().map(Role::word).toList(),
                token.createdBy(),
                token.createdAt(),
                token.expiresAt(),
                token.revokedBy(),
                token.revokedAt());
    }

    private record Token(
            String tokenId,
            String name,
            List<String> roles,
            String createdBy,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable String revokedBy,
            @Nullable Instant revokedAt) {}

    private record Created(Token token, String secret) {}
}
