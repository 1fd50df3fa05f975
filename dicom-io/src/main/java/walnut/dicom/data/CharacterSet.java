package walnut.dicom.data;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The character repertoires that SpecificCharacterSet (0008,0005) names, and how text is decoded under them (PS3.3
 * C.12.1.1.2, PS3.5 section 6.1).
 *
 * <p>Without code extensions one repertoire holds for all text. With them (several terms, or a term {@code ISO 2022 …})
 * escape sequences designate other repertoires: as G0 for bytes below 0x80, as G1 for bytes above. Each delimiter (line
 * end, backslash, and in person names caret and equals sign) brings back the first term's repertoires.
 *
 * <p>Decoding never fails: bytes that mean nothing become U+FFFD, and bytes above 0x7F in the default repertoire are
 * read as Latin-1, as most senders who forget the attribute mean them.
 */
public final class CharacterSet {
    private static final int ESCAPE = 0x1B;

    /** A coded character set as ISO 2022 designates it: one or two bytes for each character. */
    private record Repertoire(Charset charset, int bytesPerCharacter) {
        static Repertoire single(String name) {
            return new Repertoire(Charset.forName(name), 1);
        }

        static Repertoire pairs(String name) {
            return new Repertoire(Charset.forName(name), 2);
        }
    }

    private static final Repertoire ASCII = new Repertoire(StandardCharsets.US_ASCII, 1);
    private static final Repertoire LATIN_1 = new Repertoire(StandardCharsets.ISO_8859_1, 1);

    /** The JDK's own "GBK" gives A892H to the wrong sign (U+2641 in place of U+2295); code page 936 is GBK 1.0. */
    private static final Charset GBK = Charset.forName("x-mswin-936");

    /** ISO_IR 13: ASCII bytes below 0x80 (0x5C stays the value delimiter, not a yen sign), half-width katakana above. */
    private static final Repertoire KATAKANA = Repertoire.single("JIS_X0201");

    /** JIS X 0208 and 0212 stand in G0 (bytes below 0x80), KS X 1001 and GB 2312 in G1. */
    private static final Repertoire KANJI = Repertoire.pairs("x-JIS0208");

    private static final Repertoire SUPPLEMENTARY_KANJI = Repertoire.pairs("JIS_X0212-1990");
    private static final Repertoire HANGUL = Repertoire.pairs("EUC-KR");
    private static final Repertoire HANZI = Repertoire.pairs("GB2312");

    /** PS3.3 Tables C.12-2 to C.12-4: the repertoire that a term puts into G1 (into G0 for kanji), by ISO-IR number. */
    private static final Map<String, Repertoire> BY_REGISTRATION = Map.ofEntries(
            Map.entry("6", ASCII),
            Map.entry("100", LATIN_1),
            Map.entry("101", Repertoire.single("ISO-8859-2")),
            Map.entry("109", Repertoire.single("ISO-8859-3")),
            Map.entry("110", Repertoire.single("ISO-8859-4")),
            Map.entry("144", Repertoire.single("ISO-8859-5")),
            Map.entry("127", Repertoire.single("ISO-8859-6")),
            Map.entry("126", Repertoire.single("ISO-8859-7")),
            Map.entry("138", Repertoire.single("ISO-8859-8")),
            Map.entry("148", Repertoire.single("ISO-8859-9")),
            Map.entry("203", Repertoire.single("ISO-8859-15")),
            Map.entry("13", KATAKANA),
            Map.entry("166", Repertoire.single("TIS-620")),
            Map.entry("87", KANJI),
            Map.entry("159", SUPPLEMENTARY_KANJI),
            Map.entry("149", HANGUL),
            Map.entry("58", HANZI));

    private record Designation(boolean toG0, Repertoire repertoire) {}

    /** The bytes after ESC and what they designate (PS3.3 Tables C.12-3 and C.12-4). */
    private static final Map<String, Designation> ESCAPE_SEQUENCES = Map.ofEntries(
            Map.entry("(B", new Designation(true, ASCII)),
            Map.entry("(J", new Designation(true, ASCII)), // ISO-IR 14: ASCII but for yen and overline
            Map.entry(")I", new Designation(false, KATAKANA)),
            Map.entry("-A", new Designation(false, LATIN_1)),
            Map.entry("-B", new Designation(false, Repertoire.single("ISO-8859-2"))),
            Map.entry("-C", new Designation(false, Repertoire.single("ISO-8859-3"))),
            Map.entry("-D", new Designation(false, Repertoire.single("ISO-8859-4"))),
            Map.entry("-L", new Designation(false, Repertoire.single("ISO-8859-5"))),
            Map.entry("-G", new Designation(false, Repertoire.single("ISO-8859-6"))),
            Map.entry("-F", new Designation(false, Repertoire.single("ISO-8859-7"))),
            Map.entry("-H", new Designation(false, Repertoire.single("ISO-8859-8"))),
            Map.entry("-M", new Designation(false, Repertoire.single("ISO-8859-9"))),
            Map.entry("-b", new Designation(false, Repertoire.single("ISO-8859-15"))),
            Map.entry("-T", new Designation(false, Repertoire.single("TIS-620"))),
            Map.entry("$B", new Designation(true, KANJI)),
            Map.entry("$@", new Designation(true, KANJI)), // the 1978 edition, which old senders still name
            Map.entry("$(D", new Designation(true, SUPPLEMENTARY_KANJI)),
            Map.entry("$)C", new Designation(false, HANGUL)),
            Map.entry("$)A", new Designation(false, HANZI)));

    private static final Map<List<String>, CharacterSet> CACHE = new ConcurrentHashMap<>();

    /** ISO_IR 6: what holds where SpecificCharacterSet is absent or empty. */
    public static final CharacterSet DEFAULT = of(List.of());

    /** ISO_IR 192, in which everything can be written. */
    public static final CharacterSet UTF_8 = of(List.of("ISO_IR 192"));

    private final List<String> terms;
    private final boolean known;

    /** Set where one charset of the JDK decodes everything and there are no escape sequences. */
    private final @Nullable Charset whole;

    private final Repertoire g1;

    private CharacterSet(List<String> terms) {
        this.terms = terms;
        List<String> normalised = terms.stream().map(CharacterSet::normalise).toList();
        boolean extended =
                terms.size() > 1 || (!normalised.isEmpty() && normalised.get(0).startsWith("ISO 2022"));
        String first = normalised.isEmpty() ? "" : normalised.get(0);
        Repertoire initial = BY_REGISTRATION.get(registration(first));
        this.g1 = initial == null || initial == ASCII || initial == KANJI || initial == SUPPLEMENTARY_KANJI
                ? LATIN_1
                : initial;
        this.whole = switch (first) {
            case "ISO_IR 192" -> StandardCharsets.UTF_8;
            case "GB18030" -> Charset.forName("GB18030");
            case "GBK" -> GBK;
            default -> extended || g1.bytesPerCharacter == 2 || g1 == KATAKANA ? null : g1.charset;
        };
        this.known = normalised.stream()
                .allMatch(term -> term.isEmpty() || isWhole(term) || BY_REGISTRATION.containsKey(registration(term)));
    }

    private static boolean isWhole(String term) {
        return term.equals("ISO_IR 192") || term.equals("GB18030") || term.equals("GBK");
    }

    /** {@code iso-ir 100}, {@code ISO IR 100} and {@code ISO_IR_100} are all seen in the field. */
    private static String normalise(String term) {
        String upper = term.trim().toUpperCase(Locale.ROOT);
        if (upper.equals("ISO 2022 GBK") || upper.equals("ISO 2022 GB18030")) {
            return upper.substring("ISO 2022 ".length());
        }
        String number = upper.replaceFirst("^ISO[ _-]?(2022)?[ _-]?IR[ _-]?", "");
        if (number.equals(upper)) {
            return upper.equals("UTF-8") || upper.equals("UTF8") ? "ISO_IR 192" : upper;
        }
        return (upper.contains("2022") ? "ISO 2022 IR " : "ISO_IR ") + number;
    }

    private static String registration(String normalised) {
        return normalised.isEmpty() ? "6" : normalised.substring(normalised.lastIndexOf(' ') + 1);
    }

    /** The character set of these values of SpecificCharacterSet, as they stand there; unknown terms count as absent. */
    public static CharacterSet of(List<String> terms) {
        CharacterSet cached = CACHE.get(terms);
        if (cached != null) {
            return cached;
        }
        CharacterSet made = new CharacterSet(List.copyOf(terms));
        if (CACHE.size() < 256) { // a bound, since files choose the keys
            CACHE.putIfAbsent(made.terms, made);
        }
        return made;
    }

    public List<String> terms() {
        return terms;
    }

    /** Whether all terms are among the standard's defined terms. */
    public boolean isKnown() {
        return known;
    }

    static boolean isPlainAscii(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < 0 || bytes[i] == ESCAPE) {
                return false;
            }
        }
        return true;
    }

    String decode(byte[] bytes, int offset, int length, boolean personName) {
        if (isPlainAscii(bytes, offset, length)) {
            return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        }
        if (whole != null) {
            return new String(bytes, offset, length, whole);
        }
        return decodeExtended(bytes, offset, offset + length, personName);
    }

    private String decodeExtended(byte[] bytes, int offset, int end, boolean personName) {
        StringBuilder text = new StringBuilder(end - offset);
        Repertoire low = ASCII;
        Repertoire high = g1;
        int at = offset;
        while (at < end) {
            int value = bytes[at] & 0xFF;
            if (value == ESCAPE) {
                int length = escapeSequenceLength(bytes, at + 1, end);
                Designation designation = length == 0
                        ? null
                        : ESCAPE_SEQUENCES.get(new String(bytes, at + 1, length, StandardCharsets.ISO_8859_1));
                if (designation == null) {
                    text.append('\uFFFD');
                    at++;
                    continue;
                }
                if (designation.toG0) {
                    low = designation.repertoire;
                } else {
                    high = designation.repertoire;
                }
                at += 1 + length;
            } else if (value < 0x21 || (value < 0x80 && low.bytesPerCharacter == 1)) {
                text.append((char) value);
                if (isDelimiter(value, personName)) {
                    low = ASCII;
                    high = g1;
                }
                at++;
            } else {
                Repertoire repertoire = value < 0x80 ? low : high;
                int next = Math.min(end, at + repertoire.bytesPerCharacter);
                text.append(new String(bytes, at, next - at, repertoire.charset));
                at = next;
            }
        }
        return text.toString();
    }

    /** Intermediate bytes 0x20-0x2F and one final byte (ISO 2022, PS3.5 section 6.1.2.5.2); 0 where there is none. */
    private static int escapeSequenceLength(byte[] bytes, int from, int end) {
        for (int at = from; at < Math.min(end, from + 3); at++) {
            if (bytes[at] < 0x20 || bytes[at] > 0x2F) {
                return at + 1 - from;
            }
        }
        return 0;
    }

    /** PS3.5 section 6.1.2.5.3. */
    private static boolean isDelimiter(int value, boolean personName) {
        return switch (value) {
            case '\t', '\n', '\f', '\r', '\\' -> true;
            case '^', '=' -> personName;
            default -> false;
        };
    }

    /** The bytes of a text under these terms; empty where it cannot be written so, or only with escape sequences. */
    Optional<byte[]> encode(String text) {
        if (text.chars().allMatch(c -> c < 0x80 && c != ESCAPE)) {
            return Optional.of(text.getBytes(StandardCharsets.US_ASCII));
        }
        if (whole == null || (terms.isEmpty() && whole == StandardCharsets.ISO_8859_1) || !known) {
            return Optional.empty();
        }
        try {
            ByteBuffer encoded = whole.newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            return Optional.of(Arrays.copyOf(encoded.array(), encoded.limit()));
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The values of a text that a backslash separates, untrimmed. */
    static List<String> split(String text) {
        List<String> values = new ArrayList<>(2);
        int from = 0;
        for (int at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', from)) {
            values.add(text.substring(from, at));
            from = at + 1;
        }
        values.add(text.substring(from));
        return values;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CharacterSet that && terms.equals(that.terms);
    }

    @Override
    public int hashCode() {
        return terms.hashCode();
    }

    @Override
    public String toString() {
        return terms.isEmpty() ? "ISO_IR 6" : String.join("\\", terms);
    }
}
