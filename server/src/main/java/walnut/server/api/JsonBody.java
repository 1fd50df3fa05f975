package walnut.server.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** The JSON object that a request carries, after a body handler has gathered it. */
final class JsonBody {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JsonBody() {}

    /** @throws WalnutException INVALID_ARGUMENT where the body is no JSON object */
    static JsonNode of(RoutingContext context) {
        @Nullable String text = context.body().asString();
        try {
            JsonNode body = MAPPER.readTree(text == null ? "" : text);
            if (body.isObject()) {
                return body;
            }
        } catch (JsonProcessingException e) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "the body is not JSON", e);
        }
        throw new WalnutException(FailureCode.INVALID_ARGUMENT, "the body must be a JSON object");
    }

    /** A field without the blanks around it; "" where it is absent. */
    static String text(JsonNode body, String field) {
        return body.path(field).asText("").strip();
    }
}
