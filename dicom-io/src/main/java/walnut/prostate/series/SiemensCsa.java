package walnut.prostate.series;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Element;

/**
 * What Siemens scanners up to VE write privately beside the standard: the CSA image header (0029,xx10) and, inside the CSA
 * series header (0029,xx20), the measurement protocol.
 *
 * <p>The header is a list of named fields after the mark "SV10": a name of 64 bytes, VM, VR, and values of four lengths
 * and padded text each. The protocol is text between "### ASCCONV BEGIN" and "### ASCCONV END", {@code name = value} a
 * line; a value of zero is left out. Neither is documented by the maker; what cannot be read is not there.
 */
final class SiemensCsa {
    private static final String CREATOR = "SIEMENS CSA HEADER";
    private static final int GROUP = 0x0029;
    private static final int IMAGE_HEADER = 0x10;
    private static final int SERIES_HEADER = 0x20;
    private static final int MOST_FIELDS = 1000;
    private static final int NAME_BYTES = 64;
    private static final Pattern PROTOCOL_LINE = Pattern.compile("(?m)^\\s*([A-Za-z][^\\s=]*)\\s*=\\s*(\\S+)");

    private final Map<String, List<String>> fields;
    private final DataSet instance;

    /** Read when asked for: it is long, and only a mosaic needs it. */
    private @Nullable Map<String, String> protocol;

    private SiemensCsa(DataSet instance) {
        this.instance = instance;
        this.fields = fields(bytes(instance, IMAGE_HEADER));
    }

    static SiemensCsa of(DataSet instance) {
        return new SiemensCsa(instance);
    }

    private static byte[] bytes(DataSet instance, int element) {
        return PrivateElement.evenOrphaned(instance, CREATOR, GROUP, element)
                .map(Element::bytes)
                .orElse(new byte[0]);
    }

    private static Map<String, List<String>> fields(byte[] header) {
        Map<String, List<String>> fields = new HashMap<>();
        if (header.length < 16 || !text(header, 0, 4).equals("SV10")) {
            return fields;
        }
        try {
            ByteBuffer in =
                    ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).position(8);
            int count = Math.min(MOST_FIELDS, in.getInt());
            in.getInt();
            for (int field = 0; field < count; field++) {
                String name = text(header, in.position(), NAME_BYTES);
                in.position(in.position() + NAME_BYTES + 4 + 4 + 4);
                int items = in.getInt();
                in.getInt();
                fields.put(name, items(header, in, items));
            }
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException damaged) {
            // What was read before the damage holds.
            return fields;
        }
        return fields;
    }

    private static List<String> items(byte[] header, ByteBuffer in, int count) {
        List<String> values = new ArrayList<>();
        for (int item = 0; item < count; item++) {
            in.getInt();
            int length = in.getInt();
            if (length < 0) {
                throw new IllegalArgumentException("an item of " + length + " bytes");
            }
            in.position(in.position() + 8);
            String value = text(header, in.position(), length).strip();
            if (!value.isEmpty()) {
                values.add(value);
            }
            in.position(in.position() + (length + 3) / 4 * 4);
        }
        return values;
    }

    /** Up to the first NUL. */
    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
    }

    private static Map<String, String> protocol(byte[] header) {
        String text = new String(header, StandardCharsets.ISO_8859_1);
        Map<String, String> values = new HashMap<>();
        int begin = text.indexOf("### ASCCONV BEGIN");
        int end = text.indexOf("### ASCCONV END", Math.max(0, begin));
        if (begin < 0 || end < 0) {
            return values;
        }
        Matcher line = PROTOCOL_LINE.matcher(text.substring(text.indexOf('\n', begin) + 1, end));
        while (line.find()) {
            values.put(line.group(1), line.group(2));
        }
        return values;
    }

    /** The numbers of a field of the image header; none where it is absent or not numeric. */
    double[] numbers(String field) {
        try {
            return fields.getOrDefault(field, List.of()).stream()
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (NumberFormatException notNumeric) {
            return new double[0];
        }
    }

    /** The first value of a field of the image header; "" where absent. */
    String text(String field) {
        List<String> values = fields.getOrDefault(field, List.of());
        return values.isEmpty() ? "" : values.get(0);
    }

    /** A number of the protocol; empty where its line is absent. */
    OptionalDouble protocol(String name) {
        if (protocol == null) {
            protocol = protocol(bytes(instance, SERIES_HEADER));
        }
        String value = protocol.get(name);
        if (value == null) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(value.startsWith("0x") ? Long.decode(value) : Double.parseDouble(value));
        } catch (NumberFormatException notNumeric) {
            return OptionalDouble.empty();
        }
    }
}
