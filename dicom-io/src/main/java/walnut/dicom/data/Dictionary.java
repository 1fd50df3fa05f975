package walnut.dicom.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The data dictionary of PS3.6: what is known of a standard tag. Repeating groups such as (60xx,3000) are found by any
 * of their tags. Private tags are not here, whatever their creator.
 */
public final class Dictionary {
    /**
     * @param vr the VR, or the first of several between which the standard leaves the choice
     * @param vrs all VRs the standard allows, in its order: US, SS or OB, OW
     * @param multiplicity number of values as the standard writes it: 1, 2-n, 3
     */
    public record Entry(
            int tag, Vr vr, List<Vr> vrs, String multiplicity, boolean retired, String keyword, String name) {}

    private record Repeating(int mask, int pattern, Entry entry) {}

    private static final Map<Integer, Entry> BY_TAG = new TreeMap<>();
    private static final Map<String, Entry> BY_KEYWORD = new HashMap<>();
    private static final List<Repeating> REPEATING = new ArrayList<>();

    /** Tags in ascending signed order and, beside each, its VR: what reading Implicit VR looks up for each element. */
    private static final int[] TAGS;

    private static final Vr[] VRS;

    static {
        try (BufferedReader rows = table("dictionary.tsv")) {
            for (String row = rows.readLine(); row != null; row = rows.readLine()) {
                if (!row.startsWith("#")) {
                    add(row.split("\t", -1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TAGS = BY_TAG.values().stream().mapToInt(Entry::tag).toArray();
        VRS = BY_TAG.values().stream().map(Entry::vr).toArray(Vr[]::new);
    }

    private Dictionary() {}

    static BufferedReader table(String name) {
        InputStream resource = Dictionary.class.getResourceAsStream(name);
        if (resource == null) {
            throw new IllegalStateException("missing from the jar: " + name);
        }
        return new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8));
    }

    private static void add(String[] columns) {
        String tag = columns[0];
        if (columns[1].equals("NONE")) {
            return; // items and delimiters: structure, not elements
        }
        List<Vr> vrs = Arrays.stream(columns[1].split("/")).map(Vr::valueOf).toList();
        int pattern = Integer.parseUnsignedInt(tag.replace('x', '0'), 16);
        Entry entry = new Entry(
                pattern, vrs.get(0), vrs, columns[2], columns[3].equals("R"), columns[4].intern(), columns[5]);
        if (tag.indexOf('x') < 0) {
            BY_TAG.put(pattern, entry);
        } else {
            int mask = Integer.parseUnsignedInt(tag.replaceAll("[^x]", "F").replace('x', '0'), 16);
            REPEATING.add(new Repeating(mask, pattern, entry));
        }
        if (!entry.keyword().isEmpty()) {
            BY_KEYWORD.putIfAbsent(entry.keyword(), entry);
        }
    }

    public static Optional<Entry> find(int tag) {
        Entry entry = BY_TAG.get(tag);
        return Optional.ofNullable(entry == null ? repeating(tag) : entry);
    }

    /** The entry of this keyword: {@code SeriesInstanceUID}; of a repeating group, its first tag. */
    public static Optional<Entry> find(String keyword) {
        return Optional.ofNullable(BY_KEYWORD.get(keyword));
    }

    /**
     * The VR of a tag in Implicit VR, as far as the tag alone tells: UL for group lengths, LO for private creators, UN
     * for other private and unknown tags, the first choice where there are several.
     */
    public static Vr vr(int tag) {
        int at = Arrays.binarySearch(TAGS, tag);
        if (at >= 0) {
            return VRS[at];
        }
        if ((tag & 0xFFFF) == 0) {
            return Vr.UL;
        }
        if (isPrivate(tag)) {
            return isPrivateCreator(tag) ? Vr.LO : Vr.UN;
        }
        Entry entry = repeating(tag);
        return entry == null ? Vr.UN : entry.vr();
    }

    private static @Nullable Entry repeating(int tag) {
        if (isPrivate(tag)) {
            return null;
        }
        for (Repeating range : REPEATING) {
            if ((tag & range.mask) == range.pattern) {
                return range.entry;
            }
        }
        return null;
    }

    /** Odd groups are private (PS3.5 section 7.8). */
    public static boolean isPrivate(int tag) {
        return (tag & 0x00010000) != 0;
    }

    /** (gggg,0010-00FF) with gggg odd: names the creator of the block of elements (gggg,xx00-xxFF). */
    public static boolean isPrivateCreator(int tag) {
        int element = tag & 0xFFFF;
        return isPrivate(tag) && element >= 0x0010 && element <= 0x00FF;
    }

    /** {@code (0008,0018) SOPInstanceUID}: a tag as messages name it. */
    public static String label(int tag) {
        String number = String.format("(%04X,%04X)", tag >>> 16, tag & 0xFFFF);
        return find(tag).map(entry -> number + " " + entry.keyword()).orElse(number);
    }
}
