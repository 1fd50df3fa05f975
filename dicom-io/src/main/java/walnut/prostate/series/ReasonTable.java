package walnut.prostate.series;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The one table of reasons why a study cannot be used ({@code reasons.tsv}): DICOM's code where it has one (PS3.16 CID
 * 6314, 6315), else ours.
 */
public final class ReasonTable {
    private static final Map<String, Row> ROWS = load();

    private ReasonTable() {}

    private record Row(String code, String scheme, String meaning) {}

    /**
     * The reason of this name, with what was seen in this case.
     *
     * @throws IllegalArgumentException when the table has no such row
     */
    public static Reason reason(String name, String detail) {
        Row row = ROWS.get(name);
        if (row == null) {
            throw new IllegalArgumentException("no reason named " + name);
        }
        return new Reason(row.code(), row.scheme(), row.meaning(), detail);
    }

    public static Set<String> names() {
        return ROWS.keySet();
    }

    private static Map<String, Row> load() {
        Map<String, Row> rows = new LinkedHashMap<>();
        try (InputStream in = ReasonTable.class.getResourceAsStream("reasons.tsv")) {
            if (in == null) {
                throw new IllegalStateException("reasons.tsv is not on the classpath");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] cells = line.split("\t", -1);
                    rows.put(cells[0], new Row(cells[1], cells[2], cells[3]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(rows);
    }
}
