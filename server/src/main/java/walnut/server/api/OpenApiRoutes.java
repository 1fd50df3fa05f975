package walnut.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import walnut.server.security.AccessRules;
import walnut.server.security.Role;

/** The contract itself. It is written as YAML beside this package and served as JSON. */
public final class OpenApiRoutes implements Routes {

    @Override
    public void mount(Router router) {
        Buffer json = ApiJson.bytes(document());
        router.get("/api/v1/openapi.json").handler(context -> context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .end(json));
    }

    static JsonNode document() {
        try (InputStream yaml = OpenApiRoutes.class.getResourceAsStream("openapi.yaml")) {
            if (yaml == null) {
                throw new IllegalStateException("openapi.yaml is not on the class path");
            }
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            JsonNode contract = new ObjectMapper().valueToTree(document);
            nameRoles(contract.path("paths"));
            return contract;
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.yaml cannot be read", e);
        }
    }

    /** Whom each operation is for, as the law has it: there is no second list that could say otherwise. */
    private static void nameRoles(JsonNode paths) {
        paths.fields().forEachRemaining(path -> path.getValue().fields().forEachRemaining(operation -> {
            String method = operation.getKey().toUpperCase(Locale.ROOT);
            String declared = path.getKey().replaceAll("\\{([A-Za-z]+)}", ":$1");
            ObjectNode described = (ObjectNode) operation.getValue();
            AccessRules.of(method, declared).ifPresent(rule -> {
                String whom = rule.isOpenToEverybody() ? "everybody" : Role.words(rule.roles());
                String before = described.path("description").asText("").strip();
                described.put("description", (before.isEmpty() ? "" : before + "\n\n") + "For: " + whom + ".");
                ArrayNode roles = described.putArray("x-walnut-roles");
                rule.roles().stream().sorted().map(Role::word).forEach(roles::add);
                if (rule.isOpenToEverybody()) {
                    described.putArray("security");
                }
            });
        }));
    }
}
