package walnut.monitoring.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/** Writes results in the form of the golden files, so that they can be compared field by field. */
final class ResultTree {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ResultTree() {}

    static JsonNode of(@Nullable Object value) {
        if (value == null) {
            return JSON.nullNode();
        }
        if (value instanceof Statistic statistic) {
            return statistic.reason().map(ResultTree::undefined).orElseGet(() -> number(statistic.orThrow()));
        }
        if (value instanceof Answer<?> answer) {
            return answer.reason().map(ResultTree::undefined).orElseGet(() -> of(answer.orThrow()));
        }
        if (value instanceof Interval interval) {
            return of(new double[] {interval.lower(), interval.upper()});
        }
        if (value instanceof Reason reason) {
            return undefined(reason);
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode object = JSON.objectNode();
            map.forEach((name, field) -> object.set(String.valueOf(name), of(field)));
            return object;
        }
        if (value instanceof List<?> list) {
            ArrayNode array = JSON.arrayNode();
            list.forEach(element -> array.add(of(element)));
            return array;
        }
        if (value instanceof double[] doubles) {
            ArrayNode array = JSON.arrayNode();
            for (double element : doubles) {
                array.add(number(element));
            }
            return array;
        }
        if (value instanceof int[] ints) {
            ArrayNode array = JSON.arrayNode();
            for (int element : ints) {
                array.add(element);
            }
            return array;
        }
        if (value instanceof long[] longs) {
            ArrayNode array = JSON.arrayNode();
            for (long element : longs) {
                array.add(element);
            }
            return array;
        }
        if (value instanceof boolean[] flags) {
            ArrayNode array = JSON.arrayNode();
            for (boolean element : flags) {
                array.add(element);
            }
            return array;
        }
        if (value instanceof Object[] objects) {
            return of(List.of(objects));
        }
        if (value instanceof Boolean flag) {
            return JSON.booleanNode(flag);
        }
        if (value instanceof Integer || value instanceof Long) {
            return JSON.numberNode(((Number) value).longValue());
        }
        if (value instanceof Double number) {
            return number(number);
        }
        if (value instanceof String text) {
            return JSON.textNode(text);
        }
        throw new IllegalArgumentException("no JSON form for " + value.getClass());
    }

    private static JsonNode number(double value) {
        return Double.isFinite(value) ? JSON.numberNode(value) : JSON.textNode(Double.toString(value));
    }

    private static JsonNode undefined(Reason reason) {
        return JSON.objectNode().put("undefined", true).put("reason", reason.name());
    }
}
