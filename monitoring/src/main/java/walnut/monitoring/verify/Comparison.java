package walnut.monitoring.verify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares one result with what a golden case expects: every field present in {@code expected}, recursively. A real
 * number passes if |got − want| ≤ abs + rel·|want|; whole numbers, booleans, strings and null are exact; an undefined
 * must be undefined for one of the reasons listed.
 */
final class Comparison {
    private final double abs;
    private final double rel;
    private final List<String> differences = new ArrayList<>();
    private double worst;
    private double worstShareOfTolerance;

    Comparison(double abs, double rel) {
        this.abs = abs;
        this.rel = rel;
    }

    /** What differs, in words; empty when the case passes. */
    List<String> differences() {
        return differences;
    }

    /** Largest |got − want| over the real numbers compared. */
    double worst() {
        return worst;
    }

    /** Largest |got − want| / tolerance; above 1 fails. */
    double worstShareOfTolerance() {
        return worstShareOfTolerance;
    }

    void compare(String path, JsonNode want, @Nullable JsonNode got) {
        if (got == null) {
            differences.add(path + ": missing");
        } else if (isUndefined(want)) {
            requireUndefined(path, want, got);
        } else if (want.isObject()) {
            if (isUndefined(got)) {
                requireWhollyUndefined(path, want, got);
            } else {
                want.fields()
                        .forEachRemaining(field ->
                                compare(path + "." + field.getKey(), field.getValue(), got.get(field.getKey())));
            }
        } else if (want.isArray()) {
            compareArrays(path, want, got);
        } else if (want.isFloatingPointNumber() && got.isNumber()) {
            compareReals(path, want.doubleValue(), got.doubleValue());
        } else if (want.isNumber() && got.isNumber()) {
            if (want.doubleValue() != got.doubleValue()) {
                differences.add(path + ": want exactly " + want + ", got " + got);
            }
        } else if (!want.equals(got)) {
            differences.add(path + ": want " + want + ", got " + got);
        }
    }

    private void compareArrays(String path, JsonNode want, JsonNode got) {
        if (!got.isArray() || got.size() != want.size()) {
            differences.add(path + ": want a list of " + want.size() + ", got "
                    + (got.isArray() ? "one of " + got.size() : got.toString()));
            return;
        }
        for (int i = 0; i < want.size(); i++) {
            compare(path + "[" + i + "]", want.get(i), got.get(i));
        }
    }

    private void compareReals(String path, double want, double got) {
        double off = Math.abs(got - want);
        double tolerance = abs + rel * Math.abs(want);
        worst = Math.max(worst, off);
        worstShareOfTolerance = Math.max(worstShareOfTolerance, off == 0 ? 0 : off / tolerance);
        if (!(off <= tolerance)) {
            differences.add(path + ": want " + want + ", got " + got + ", off by " + off);
        }
    }

    private void requireUndefined(String path, JsonNode want, JsonNode got) {
        if (!isUndefined(got) || !accepts(want, got)) {
            differences.add(path + ": want undefined for one of " + want.get("reason_any_of") + ", got " + got);
        }
    }

    /** An undefined stands for an object when each field of that object is expected undefined for its reason. */
    private void requireWhollyUndefined(String path, JsonNode want, JsonNode got) {
        want.properties().forEach(field -> {
            String name = path + "." + field.getKey();
            if (isUndefined(field.getValue())) {
                requireUndefined(name, field.getValue(), got);
            } else if (field.getValue().isObject()) {
                requireWhollyUndefined(name, field.getValue(), got);
            } else {
                differences.add(name + ": want " + field.getValue() + ", but the whole is " + got);
            }
        });
    }

    private static boolean isUndefined(JsonNode node) {
        return node.isObject() && node.path("undefined").asBoolean();
    }

    private static boolean accepts(JsonNode want, JsonNode got) {
        for (JsonNode reason : want.path("reason_any_of")) {
            if (reason.asText().equals(got.path("reason").asText())) {
                return true;
            }
        }
        return false;
    }
}
