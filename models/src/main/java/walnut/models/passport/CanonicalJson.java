package walnut.models.passport;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * The one byte form of a JSON value, so that its digest does not depend on layout: members sorted by UTF-16 code units,
 * no white space, the shortest escapes, numbers as ECMAScript prints doubles.
 *
 * <p>Source: RFC 8785 (JSON Canonicalization Scheme). Deviation: integers beyond ±2^53 and numbers beyond the
 * largest double are refused instead of being rounded.
 */
public final class CanonicalJson {
    private static final BigDecimal EXACT_INTEGERS = BigDecimal.valueOf(1L << 53);
    private static final int DIGITS_OF_ANY_DOUBLE = 17;

    private CanonicalJson() {}

    /** UTF-8. */
    public static byte[] bytes(JsonNode value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(JsonNode value, StringBuilder out) {
        switch (value.getNodeType()) {
            case OBJECT -> writeObject(value, out);
            case ARRAY -> writeArray(value, out);
            case STRING -> writeString(value.textValue(), out);
            case NUMBER -> writeNumber(value, out);
            case BOOLEAN -> out.append(value.booleanValue());
            case NULL -> out.append("null");
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException("not JSON: " + value.getNodeType());
        }
    }

    private static void writeObject(JsonNode object, StringBuilder out) {
        // String's natural order compares UTF-16 code units, as the RFC asks.
        TreeMap<String, JsonNode> members = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            members.put(member.getKey(), member.getValue());
        }
        out.append('{');
        String separator = "";
        for (Map.Entry<String, JsonNode> member : members.entrySet()) {
            out.append(separator);
            writeString(member.getKey(), out);
            out.append(':');
            write(member.getValue(), out);
            separator = ",";
        }
        out.append('}');
    }

    private static void writeArray(JsonNode array, StringBuilder out) {
        out.append('[');
        String separator = "";
        for (JsonNode element : array) {
            out.append(separator);
            write(element, out);
            separator = ",";
        }
        out.append(']');
    }

    private static void writeString(String text, StringBuilder out) {
        out.append('"');
        for (int n = 0; n < text.length(); n++) {
            char c = text.charAt(n);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void writeNumber(JsonNode number, StringBuilder out) {
        BigDecimal exact = number.decimalValue();
        if (number.isIntegralNumber() && exact.abs().compareTo(EXACT_INTEGERS) > 0) {
            throw notExact(number.asText());
        }
        out.append(number(exact));
    }

    private static WalnutException notExact(String number) {
        return new WalnutException(
                FailureCode.MODEL_PACKAGE_INVALID,
                "the number " + number + " has no exact double; write one nearer to zero.");
    }

    /** ECMA-262 Number::toString of the nearest double. */
    static String number(BigDecimal exact) {
        double value = exact.doubleValue();
        if (Double.isInfinite(value)) {
            throw notExact(exact.toString());
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal shortest = shortest(value);
        String digits = shortest.unscaledValue().abs().toString();
        // The value is 0.digits times ten to the power of point.
        int point = digits.length() - shortest.scale();
        String sign = value < 0 ? "-" : "";
        int count = digits.length();
        if (count <= point && point <= 21) {
            return sign + digits + "0".repeat(point - count);
        }
        if (0 < point && point <= 21) {
            return sign + digits.substring(0, point) + "." + digits.substring(point);
        }
        if (-6 < point && point <= 0) {
            return sign + "0." + "0".repeat(-point) + digits;
        }
        String exponent = (point - 1 < 0 ? "-" : "+") + Math.abs(point - 1);
        String fraction = count == 1 ? "" : "." + digits.substring(1);
        return sign + digits.charAt(0) + fraction + "e" + exponent;
    }

    /**
     * The fewest digits that read back as this double, nearest to it. Double.toString is not used: before JDK 19 it
     * sometimes prints one digit too many.
     */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < DIGITS_OF_ANY_DOUBLE; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == value) {
                return rounded.stripTrailingZeros();
            }
        }
        return exact.round(new MathContext(DIGITS_OF_ANY_DOUBLE, RoundingMode.HALF_EVEN))
                .stripTrailingZeros();
    }
}
