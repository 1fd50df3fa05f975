package walnut.server.api;

import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Reads what a request asks for; what cannot be read is {@link FailureCode#INVALID_ARGUMENT} and says what would be. */
public final class Parameters {
    private Parameters() {}

    /** A segment of the path that the route declares. */
    public static String path(RoutingContext context, String name) {
        String value = context.pathParam(name);
        if (value == null) {
            throw new IllegalStateException("the route declares no " + name);
        }
        return value;
    }

    /** A query parameter; absent and empty are the same. */
    public static @Nullable String query(RoutingContext context, String name) {
        List<String> values = context.queryParam(name);
        return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
    }

    public static int limit(RoutingContext context) {
        String text = query(context, "limit");
        if (text == null) {
            return CaseFilter.DEFAULT_LIMIT;
        }
        return wholeNumber(text)
                .filter(limit -> limit >= 1 && limit <= CaseFilter.MAX_LIMIT)
                .orElseThrow(() -> invalid("limit must be a whole number from 1 to " + CaseFilter.MAX_LIMIT));
    }

    /** {@code state}, repeated or with commas. */
    public static Set<CaseState> states(RoutingContext context) {
        Set<CaseState> states = EnumSet.noneOf(CaseState.class);
        for (String value : context.queryParam("state")) {
            for (String name : value.split(",")) {
                if (!name.isBlank()) {
                    states.add(state(name.trim()));
                }
            }
        }
        return states;
    }

    public static Optional<Integer> wholeNumber(String text) {
        try {
            return Optional.of(Integer.valueOf(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    public static WalnutException invalid(String message) {
        return new WalnutException(FailureCode.INVALID_ARGUMENT, message);
    }

    public static WalnutException notFound(String what, String id) {
        return new WalnutException(FailureCode.NOT_FOUND, "there is no " + what + " " + id);
    }

    private static CaseState state(String name) {
        return Arrays.stream(CaseState.values())
                .filter(state -> state.name().equals(name))
                .findFirst()
                .orElseThrow(() -> invalid("state must be one of "
                        + Arrays.stream(CaseState.values()).map(Enum::name).collect(Collectors.joining(", "))));
    }
}
