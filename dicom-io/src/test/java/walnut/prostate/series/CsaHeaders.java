package walnut.prostate.series;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** CSA image headers as scanners write them: "SV10", a count, then fields of 84 bytes and their items. */
final class CsaHeaders {
    private CsaHeaders() {}

    /** Fields of one value each: name, value, name, value … */
    static byte[] image(String... namesAndValues) {
        Map<String, String[]> fields = new LinkedHashMap<>();
        for (int at = 0; at < namesAndValues.length; at += 2) {
            fields.put(namesAndValues[at], new String[] {namesAndValues[at + 1]});
        }
        return image(fields);
    }

    static byte[] image(Map<String, String[]> fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("SV10".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(new byte[] {4, 3, 2, 1});
        bytes.writeBytes(integers(fields.size(), 77));
        fields.forEach((name, values) -> {
            bytes.writeBytes(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 64));
            bytes.writeBytes(integers(values.length));
            bytes.writeBytes(new byte[] {'D', 'S', 0, 0});
            bytes.writeBytes(integers(6, values.length, 77));
            for (String value : values) {
                byte[] text = value.isEmpty() ? new byte[0] : (value + "\0").getBytes(StandardCharsets.US_ASCII);
                bytes.writeBytes(integers(text.length, text.length, 77, text.length));
                bytes.writeBytes(Arrays.copyOf(text, (text.length + 3) / 4 * 4));
            }
        });
        return bytes.toByteArray();
    }

    static byte[] integers(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }
}
