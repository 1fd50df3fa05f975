package walnut.dicom.data;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Elements made from numbers. */
final class Numbers {
    /** DS holds at most 16 characters (PS3.5 Table 6.2-1). */
    private static final int DECIMAL_STRING_LENGTH = 16;

    private Numbers() {}

    static Element ofIntegers(int tag, Vr vr, long... values) {
        return switch (vr) {
            case IS, DS ->
                Element.ofText(
                        tag, vr, Arrays.stream(values).mapToObj(Long::toString).toList());
            case FL, FD ->
                ofDecimals(tag, vr, Arrays.stream(values).asDoubleStream().toArray());
            case AT, US, SS, UL, SL, UV, SV -> {
                ByteBuffer bytes = littleEndian(values.length, vr == Vr.AT ? 4 : vr.unitBytes());
                for (long value : values) {
                    check(tag, vr, value);
                    switch (vr) {
                        case US, SS -> bytes.putShort((short) value);
                        case UL, SL -> bytes.putInt((int) value);
                        case AT -> bytes.putShort((short) (value >>> 16)).putShort((short) value);
                        default -> bytes.putLong(value);
                    }
                }
                yield Element.ofBytes(tag, vr, bytes.array());
            }
            default -> throw notNumeric(tag, vr);
        };
    }

    private static void check(int tag, Vr vr, long value) {
        boolean fits =
                switch (vr) {
                    case US -> value >= 0 && value <= 0xFFFF;
                    case SS -> value == (short) value;
                    case UL -> value >= 0 && value <= 0xFFFFFFFFL;
                    case SL -> value == (int) value;
                    default -> true;
                };
        if (!fits) {
            throw new IllegalArgumentException(Dictionary.label(tag) + ": " + value + " does not fit VR " + vr);
        }
    }

    static Element ofDecimals(int tag, Vr vr, double... values) {
        return switch (vr) {
            case DS -> {
                List<String> texts =
                        Arrays.stream(values).mapToObj(Numbers::decimalString).toList();
                yield Element.ofText(tag, vr, texts);
            }
            case FL -> {
                ByteBuffer bytes = littleEndian(values.length, 4);
                for (double value : values) {
                    bytes.putFloat((float) value);
                }
                yield Element.ofBytes(tag, vr, bytes.array());
            }
            case FD -> {
                ByteBuffer bytes = littleEndian(values.length, 8);
                for (double value : values) {
                    bytes.putDouble(value);
                }
                yield Element.ofBytes(tag, vr, bytes.array());
            }
            default -> throw notNumeric(tag, vr);
        };
    }

    private static ByteBuffer littleEndian(int values, int unitBytes) {
        return ByteBuffer.allocate(values * unitBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static IllegalArgumentException notNumeric(int tag, Vr vr) {
        return new IllegalArgumentException(Dictionary.label(tag) + " has VR " + vr + ", which holds no such numbers");
    }

    /** The decimal text nearest to a finite number that 16 characters can hold; whole numbers without a point. */
    static String decimalString(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("DS holds finite numbers only, not " + value);
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(value));
        for (int digits = 17; digits > 0; digits--) {
            BigDecimal rounded =
                    exact.round(new MathContext(digits, RoundingMode.HALF_EVEN)).stripTrailingZeros();
            String plain = rounded.toPlainString();
            if (plain.length() <= DECIMAL_STRING_LENGTH) {
                return plain;
            }
            String scientific = rounded.toString();
            if (scientific.length() <= DECIMAL_STRING_LENGTH) {
                return scientific;
            }
        }
        throw new IllegalStateException("one digit always fits: " + value);
    }
}
