package walnut.monitoring.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The inputs and parameters of one golden case. JSON has no NaN, so numbers may be the strings "NaN", "Infinity" and
 * "-Infinity". {@code asked} is the expected result: some families name a parameter in the field they ask for.
 */
record Inputs(JsonNode inputs, JsonNode params, JsonNode asked) {
    boolean has(String name) {
        return inputs.has(name);
    }

    double[] doubles(String name) {
        return doublesOf(field(inputs, name));
    }

    int[] ints(String name) {
        return intsOf(field(inputs, name));
    }

    double[][] matrix(String name) {
        return rows(field(inputs, name), Inputs::doublesOf).toArray(double[][]::new);
    }

    int[][] intRows(String name) {
        return rows(field(inputs, name), Inputs::intsOf).toArray(int[][]::new);
    }

    List<String> strings(String name) {
        return rows(field(inputs, name), JsonNode::asText);
    }

    JsonNode node(String name) {
        return field(inputs, name);
    }

    double number(String name) {
        return doubleOf(field(inputs, name));
    }

    long count(String name) {
        return field(inputs, name).asLong();
    }

    boolean hasParam(String name) {
        return params.has(name);
    }

    double param(String name) {
        return doubleOf(field(params, name));
    }

    double param(String name, double fallback) {
        return params.has(name) ? doubleOf(params.get(name)) : fallback;
    }

    JsonNode paramNode(String name) {
        return field(params, name);
    }

    static JsonNode field(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the case has no field '" + name + "'");
        }
        return value;
    }

    static double doubleOf(JsonNode node) {
        if (node.isNumber()) {
            return node.doubleValue();
        }
        if (node.isNull()) {
            return Double.NaN;
        }
        return Double.parseDouble(node.asText());
    }

    static double[] doublesOf(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = doubleOf(array.get(i));
        }
        return values;
    }

    static int[] intsOf(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            // What is no whole number becomes one that no list of categories holds.
            values[i] = array.get(i).canConvertToExactIntegral() ? array.get(i).asInt() : Integer.MIN_VALUE;
        }
        return values;
    }

    static <T> List<T> rows(JsonNode array, Function<JsonNode, T> row) {
        List<T> rows = new ArrayList<>();
        array.forEach(node -> rows.add(row.apply(node)));
        return rows;
    }
}
