package walnut.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * A failure as HTTP tells it: RFC 9457 problem details, with our code, who must act, and whether trying again may help.
 *
 * @param type {@code urn:walnut:problem:} and the code in lower case with hyphens
 * @param instance the path that was asked for
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        String code,
        String category,
        boolean retryable) {
    public static final String CONTENT_TYPE = "application/problem+json";

    /** The problem that a failed exchange amounts to. A defect of ours says nothing of its inside. */
    public static Problem of(RoutingContext context) {
        return of(context.statusCode(), context.failure(), context.request().path());
    }

    static Problem of(int status, @Nullable Throwable failure, @Nullable String path) {
        if (failure instanceof WalnutException foreseen) {
            return of(foreseen.code(), String.valueOf(foreseen.getMessage()), path);
        }
        int told = failure instanceof HttpException http ? http.getStatusCode() : status;
        return switch (told) {
            case 400 -> of(FailureCode.INVALID_ARGUMENT, "the request cannot be understood", path);
            case 401 -> of(FailureCode.UNAUTHENTICATED, "a bearer token is needed", path);
            case 403 -> of(FailureCode.FORBIDDEN, "this is not allowed", path);
            case 404 -> of(FailureCode.NOT_FOUND, "there is nothing at this address", path);
            case 405 -> of(FailureCode.METHOD_NOT_ALLOWED, "this address does not take that method", path);
            case 413 -> of(FailureCode.REQUEST_TOO_LARGE, "the body is larger than this address takes", path);
            default -> of(FailureCode.INTERNAL_ERROR, "a defect of this server; its log says more", path);
        };
    }

    public static Problem of(FailureCode code, String detail, @Nullable String path) {
        String words = code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new Problem(
                "urn:walnut:problem:" + words.replace(' ', '-'),
                words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1),
                code.httpStatus(),
                detail,
                path == null ? "/" : path,
                code.name(),
                code.category().name(),
                code.retryable());
    }

    public void send(RoutingContext context) {
        ApiJson.send(context, status, CONTENT_TYPE, this);
    }
}
