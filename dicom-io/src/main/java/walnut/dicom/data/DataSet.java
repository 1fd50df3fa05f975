package walnut.dicom.data;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An immutable data set: elements by ascending tag (PS3.5 section 7.1).
 *
 * <p>The accessors take a tag and answer what is there; an absent element, an empty one and one that does not parse are
 * all "nothing", and the caller says what that means. Text is decoded under the SpecificCharacterSet in force, which an
 * item inherits from the data set around it.
 */
public final class DataSet implements Iterable<Element> {
    public static final DataSet EMPTY = new DataSet(new Element[0], CharacterSet.DEFAULT);

    /** Private elements (gggg,0010) to (gggg,00FF) reserve a block each (PS3.5 section 7.8.1). */
    private static final int FIRST_BLOCK = 0x10;

    private static final int LAST_BLOCK = 0xFF;

    /** Ascending by unsigned tag, no tag twice. */
    private final Element[] elements;

    private final CharacterSet characterSet;

    private DataSet(Element[] elements, CharacterSet characterSet) {
        this.elements = elements;
        this.characterSet = characterSet;
    }

    public static Builder builder() {
        return new Builder(CharacterSet.DEFAULT, 16);
    }

    /** A builder for an item of a data set whose character set is this one. */
    public static Builder builder(CharacterSet inherited) {
        return new Builder(inherited, 16);
    }

    /** A builder that begins with all of this data set's elements. */
    public Builder toBuilder() {
        Builder builder = new Builder(characterSet, elements.length + 8);
        for (Element element : elements) {
            builder.put(element);
        }
        return builder;
    }

    private static int indexOf(Element[] elements, int count, int tag) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Integer.compareUnsigned(elements[middle].tag(), tag);
            if (order == 0) {
                return middle;
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    private @Nullable Element find(int tag) {
        int at = indexOf(elements, elements.length, tag);
        return at < 0 ? null : elements[at];
    }

    /** Whether an element of this tag is present, with or without a value. */
    public boolean contains(int tag) {
        return find(tag) != null;
    }

    public Optional<Element> element(int tag) {
        return Optional.ofNullable(find(tag));
    }

    /** First value without padding; empty where the element is absent or its first value is blank. */
    public Optional<String> string(int tag) {
        Element element = find(tag);
        if (element == null) {
            return Optional.empty();
        }
        List<String> values = element.strings();
        return values.isEmpty() || values.get(0).isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** All values without padding, as {@link Element#strings()}. */
    public List<String> strings(int tag) {
        Element element = find(tag);
        return element == null ? List.of() : element.strings();
    }

    /** First value as an integer, where it is one and fits into an int. */
    public OptionalInt integer(int tag) {
        long[] values = integers(tag);
        return values.length == 0 || values[0] != (int) values[0]
                ? OptionalInt.empty()
                : OptionalInt.of((int) values[0]);
    }

    /** All values as integers, or none, as {@link Element#integers()}. */
    public long[] integers(int tag) {
        Element element = find(tag);
        return element == null ? new long[0] : element.integers();
    }

    /** First value as a decimal number. */
    public OptionalDouble decimal(int tag) {
        double[] values = decimals(tag);
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(values[0]);
    }

    /** All values as decimal numbers, or none, as {@link Element#decimals()}. */
    public double[] decimals(int tag) {
        Element element = find(tag);
        return element == null ? new double[0] : element.decimals();
    }

    /** The items of a sequence; none where it is absent. */
    public List<DataSet> items(int tag) {
        Element element = find(tag);
        return element == null ? List.of() : element.items();
    }

    /** The first item of a sequence. */
    public Optional<DataSet> item(int tag) {
        List<DataSet> items = items(tag);
        return items.isEmpty() ? Optional.empty() : Optional.of(items.get(0));
    }

    /** A copy of the value bytes, numbers little-endian. */
    public Optional<byte[]> bytes(int tag) {
        return element(tag).map(Element::bytes);
    }

    /**
     * The private element (group,xxLL) of the block that this creator reserved: {@code privateElement("SIEMENS MR
     * HEADER", 0x0019, 0x0C)} finds (0019,100C) where (0019,0010) names that creator (PS3.5 section 7.8.1).
     */
    public Optional<Element> privateElement(String creator, int group, int elementLowByte) {
        int at = indexOf(elements, elements.length, group << 16 | FIRST_BLOCK);
        for (int n = at < 0 ? -at - 1 : at; n < elements.length; n++) {
            int block = elements[n].tag() - (group << 16);
            if (elements[n].tag() >>> 16 != group || block > LAST_BLOCK) {
                break;
            }
            int tag = privateTag(group, block, elementLowByte);
            if (contains(tag) && elements[n].strings().equals(List.of(creator))) {
                return element(tag);
            }
        }
        return Optional.empty();
    }

    private static int privateTag(int group, int block, int elementLowByte) {
        return group << 16 | block << 8 | elementLowByte;
    }

    /** The creator of a private element's block, where the data set names one. */
    public Optional<String> privateCreator(int tag) {
        return Dictionary.isPrivate(tag) ? string(tag & 0xFFFF0000 | tag >>> 8 & 0xFF) : Optional.empty();
    }

    public CharacterSet characterSet() {
        return characterSet;
    }

    public int size() {
        return elements.length;
    }

    public boolean isEmpty() {
        return elements.length == 0;
    }

    @Override
    public Iterator<Element> iterator() {
        return Collections.unmodifiableList(Arrays.asList(elements)).iterator();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DataSet that && Arrays.equals(elements, that.elements);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(elements);
    }

    /** Number of elements, never a value. */
    @Override
    public String toString() {
        return "DataSet of " + elements.length + " elements";
    }

    /**
     * Collects elements in any order; a tag put twice keeps the later value.
     *
     * <p>Text may come under any character set: {@link #build()} rewrites it under the one that this data set names. If
     * that cannot hold it, the whole data set goes over to UTF-8 and says so in SpecificCharacterSet.
     */
    public static final class Builder {
        private final CharacterSet inherited;
        private Element[] elements;
        private int count;

        private Builder(CharacterSet inherited, int capacity) {
            this.inherited = inherited;
            this.elements = new Element[capacity];
        }

        public Builder put(Element element) {
            int tag = element.tag();
            if (count == 0 || Integer.compareUnsigned(elements[count - 1].tag(), tag) < 0) {
                insert(count, element);
                return this;
            }
            int at = indexOf(elements, count, tag);
            if (at >= 0) {
                elements[at] = element;
            } else {
                insert(-at - 1, element);
            }
            return this;
        }

        private void insert(int at, Element element) {
            if (count == elements.length) {
                elements = Arrays.copyOf(elements, count + (count >> 1) + 4);
            }
            System.arraycopy(elements, at, elements, at + 1, count - at);
            elements[at] = element;
            count++;
        }

        public boolean contains(int tag) {
            return indexOf(elements, count, tag) >= 0;
        }

        /** Text values under the dictionary's VR. */
        public Builder putString(int tag, String... values) {
            return putString(tag, Dictionary.vr(tag), values);
        }

        public Builder putString(int tag, Vr vr, String... values) {
            return put(Element.ofText(tag, vr, List.of(values)));
        }

        /** Whole numbers under the dictionary's VR: IS, AT, US, SS, UL, SL, UV, SV, DS, FL or FD. */
        public Builder putInteger(int tag, long... values) {
            return putInteger(tag, Dictionary.vr(tag), values);
        }

        public Builder putInteger(int tag, Vr vr, long... values) {
            return put(Numbers.ofIntegers(tag, vr, values));
        }

        /** Decimal numbers under the dictionary's VR: DS (rounded to its 16 characters), FL or FD. */
        public Builder putDecimal(int tag, double... values) {
            return putDecimal(tag, Dictionary.vr(tag), values);
        }

        public Builder putDecimal(int tag, Vr vr, double... values) {
            return put(Numbers.ofDecimals(tag, vr, values));
        }

        /** Little-endian bytes, which the caller gives away. */
        public Builder putBytes(int tag, Vr vr, byte[] bytes) {
            return put(Element.ofBytes(tag, vr, bytes));
        }

        public Builder putItems(int tag, DataSet... items) {
            return putItems(tag, List.of(items));
        }

        public Builder putItems(int tag, List<DataSet> items) {
            return put(Element.ofItems(tag, items));
        }

        /** Encapsulated pixel data, as {@link Element#ofFragments}. */
        public Builder putFragments(int tag, Vr vr, List<byte[]> fragments) {
            return put(Element.ofFragments(tag, vr, fragments));
        }

        /** An element without value under the dictionary's VR (type 2: present, unknown). */
        public Builder putEmpty(int tag) {
            Vr vr = Dictionary.vr(tag);
            return put(vr.isSequence() ? Element.ofItems(tag, List.of()) : Element.empty(tag, vr));
        }

        /** Copies those of these elements that the source has. */
        public Builder copy(DataSet source, int... tags) {
            for (int tag : tags) {
                source.element(tag).ifPresent(this::put);
            }
            return this;
        }

        public Builder remove(int tag) {
            int at = indexOf(elements, count, tag);
            if (at >= 0) {
                System.arraycopy(elements, at + 1, elements, at, count - at - 1);
                count--;
            }
            return this;
        }

        public DataSet build() {
            int terms = indexOf(elements, count, Tag.SpecificCharacterSet);
            CharacterSet characterSet = terms < 0 ? inherited : CharacterSet.of(elements[terms].strings());
            Element[] written = written(characterSet);
            if (written == null) {
                putString(Tag.SpecificCharacterSet, "ISO_IR 192");
                characterSet = CharacterSet.UTF_8;
                written = written(characterSet);
                if (written == null) {
                    throw new IllegalStateException("UTF-8 holds every text");
                }
            }
            return new DataSet(written, characterSet);
        }

        /** The elements with their text under this character set; null where it cannot hold one of them. */
        private Element @Nullable [] written(CharacterSet characterSet) {
            Element[] written = Arrays.copyOf(elements, count);
            for (int i = 0; i < count; i++) {
                Element element = written[i];
                if (element.vr().isSequence()) {
                    written[i] = withSelfContainedItems(element, characterSet);
                } else if (element.vr().usesSpecificCharacterSet()
                        && !element.characterSet().equals(characterSet)
                        && !element.isPlainAscii()) {
                    Element rewritten = element.under(characterSet);
                    if (rewritten == null) {
                        return null;
                    }
                    written[i] = rewritten;
                }
            }
            return written;
        }

        /** Items made under another character set name it themselves (PS3.3 C.12.1.1.2 allows that). */
        private static Element withSelfContainedItems(Element sequence, CharacterSet characterSet) {
            for (DataSet item : sequence.items()) {
                if (item.needsToName(characterSet)) {
                    List<DataSet> items = sequence.items().stream()
                            .map(each -> each.needsToName(characterSet) ? each.namingItsCharacterSet() : each)
                            .toList();
                    return Element.ofItems(sequence.tag(), items);
                }
            }
            return sequence;
        }
    }

    private boolean needsToName(CharacterSet surrounding) {
        return !characterSet.equals(surrounding) && !contains(Tag.SpecificCharacterSet) && hasTextBeyondAscii();
    }

    private boolean hasTextBeyondAscii() {
        for (Element element : elements) {
            if (element.vr().usesSpecificCharacterSet() && !element.isPlainAscii()) {
                return true;
            }
            for (DataSet item : element.items()) {
                if (!item.contains(Tag.SpecificCharacterSet) && item.hasTextBeyondAscii()) {
                    return true;
                }
            }
        }
        return false;
    }

    private DataSet namingItsCharacterSet() {
        String[] terms = characterSet.terms().toArray(String[]::new);
        return toBuilder().putString(Tag.SpecificCharacterSet, terms).build();
    }
}
