package walnut.dicom.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The registered unique identifiers of PS3.6 annex A. */
public final class UidRegistry {
    /** @param kind the standard's "UID Type": SOP Class, Transfer Syntax, Coding Scheme, … */
    public record Entry(String uid, String kind, boolean retired, String keyword, String name) {}

    private static final List<Entry> ENTRIES = new ArrayList<>();
    private static final Map<String, Entry> BY_UID = new HashMap<>();

    static {
        try (BufferedReader rows = Dictionary.table("uids.tsv")) {
            for (String row = rows.readLine(); row != null; row = rows.readLine()) {
                if (!row.startsWith("#")) {
                    String[] columns = row.split("\t", -1);
                    Entry entry = new Entry(columns[0], columns[1], columns[2].equals("R"), columns[3], columns[4]);
                    ENTRIES.add(entry);
                    BY_UID.put(entry.uid(), entry);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private UidRegistry() {}

    public static Optional<Entry> find(String uid) {
        return Optional.ofNullable(BY_UID.get(uid));
    }

    /** All entries of one kind, in the standard's order, retired ones included. */
    public static List<Entry> ofKind(String kind) {
        return ENTRIES.stream().filter(entry -> entry.kind().equals(kind)).toList();
    }

    /** SOP classes whose instances are stored and sent by C-STORE (PS3.4 annex B.5, with the retired ones). */
    public static List<Entry> storageSopClasses() {
        return ofKind("SOP Class").stream()
                .filter(entry -> entry.keyword().contains("Storage"))
                .filter(entry -> !entry.keyword().startsWith("StorageCommitment"))
                .filter(entry -> !entry.uid().equals(Uid.MediaStorageDirectoryStorage))
                .toList();
    }
}
