package walnut.dicom.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import walnut.dicom.data.CharacterSet;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Dictionary;
import walnut.dicom.data.Element;
import walnut.dicom.data.Vr;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Reads data sets in the DICOM JSON model (PS3.18 section F.2), the mirror of {@link DicomJsonWriter}. What is no such
 * model is refused with MALFORMED_DATASET. The size of texts is bounded by the parser's own constraints.
 */
public final class DicomJsonReader {
    /** Fetches the bytes that a BulkDataURI refers to. */
    @FunctionalInterface
    public interface BulkData {
        /** For JSON that has to be complete in itself. */
        BulkData NONE = uri -> {
            throw new WalnutException(
                    FailureCode.MALFORMED_DATASET, "a value is given by BulkDataURI, and bulk data are not at hand");
        };

        byte[] fetch(String uri) throws IOException;
    }

    private static final int MAX_DEPTH = 64;
    private static final List<String> NAME_GROUPS = DicomJsonWriter.NAME_GROUPS;
    private static final Pattern TAG = Pattern.compile("[0-9A-Fa-f]{8}");

    private final JsonParser json;
    private final BulkData bulkData;

    private DicomJsonReader(JsonParser json, BulkData bulkData) {
        this.json = json;
        this.bulkData = bulkData;
    }

    /** Reads the object that the parser stands before, or at whose beginning it stands. */
    public static DataSet read(JsonParser json, BulkData bulkData) throws IOException {
        DicomJsonReader reader = new DicomJsonReader(json, bulkData);
        try {
            if (json.currentToken() == null) {
                json.nextToken();
            }
            reader.expect(JsonToken.START_OBJECT, "a data set");
            json.nextToken();
            return reader.members(DataSet.builder(), 0);
        } catch (StreamConstraintsException e) {
            throw new WalnutException(FailureCode.DATASET_TOO_LARGE, "DICOM JSON: " + e.getOriginalMessage(), e);
        } catch (JsonProcessingException e) {
            throw reader.malformed("not JSON");
        }
    }

    /** The members of a data set whose opening brace has been read. */
    private DataSet members(DataSet.Builder builder, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw malformed("sequences are nested deeper than the limit of " + MAX_DEPTH);
        }
        while (json.currentToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (!TAG.matcher(name).matches()) {
                throw malformed("a key is not a tag of eight hexadecimal digits");
            }
            json.nextToken();
            builder.put(element(Integer.parseUnsignedInt(name, 16), depth));
            json.nextToken();
        }
        expect(JsonToken.END_OBJECT, "the end of a data set");
        return builder.build();
    }

    /** JSON members have no order: only when all are read is it known what the values mean. */
    private Element element(int tag, int depth) throws IOException {
        expect(JsonToken.START_OBJECT, "an element");
        Vr vr = Dictionary.vr(tag);
        Values values = new Values();
        byte @Nullable [] bytes = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "vr" -> vr = vr(tag);
                case "Value" -> values(tag, values, depth);
                case "InlineBinary" -> bytes = json.getBinaryValue();
                case "BulkDataURI" -> bytes = bulkData.fetch(json.getText());
                default -> json.skipChildren();
            }
        }
        if (bytes != null) {
            return Element.ofBytes(tag, vr, bytes);
        }
        if (vr.isSequence()) {
            values.checkAll(values.items, tag, this);
            return Element.ofItems(tag, values.items);
        }
        if (values.count == 0) {
            return Element.empty(tag, vr);
        }
        values.checkAll(values.texts, tag, this);
        return vr.isText() ? Element.ofText(tag, vr, values.texts) : numbers(tag, vr, values.texts);
    }

    /** What a Value array holds: text, numbers and person names, or items; nothing may be either. */
    private static final class Values {
        private final List<String> texts = new ArrayList<>();
        private final List<DataSet> items = new ArrayList<>();
        private int count;

        void checkAll(List<?> understood, int tag, DicomJsonReader reader) {
            if (understood.size() != count) {
                throw reader.malformed(Dictionary.label(tag) + " has a value that its VR does not hold");
            }
        }
    }

    private Vr vr(int tag) throws IOException {
        expect(JsonToken.VALUE_STRING, "the VR of " + Dictionary.label(tag));
        String code = json.getText();
        Vr vr = code.length() == 2 ? Vr.of(code.charAt(0), code.charAt(1)) : null;
        if (vr == null) {
            throw malformed(Dictionary.label(tag) + " has a VR that the standard does not know");
        }
        return vr;
    }

    private void values(int tag, Values values, int depth) throws IOException {
        expect(JsonToken.START_ARRAY, "the values of " + Dictionary.label(tag));
        while (json.nextToken() != JsonToken.END_ARRAY) {
            values.count++;
            JsonToken token = json.currentToken();
            if (token == JsonToken.START_OBJECT) {
                json.nextToken();
            }
            if (token == JsonToken.VALUE_NULL || json.currentToken() == JsonToken.END_OBJECT) {
                values.texts.add("");
                values.items.add(DataSet.EMPTY);
            } else if (token == JsonToken.START_OBJECT && NAME_GROUPS.contains(json.currentName())) {
                values.texts.add(personName());
            } else if (token == JsonToken.START_OBJECT) {
                values.items.add(members(DataSet.builder(CharacterSet.UTF_8), depth + 1));
            } else if (token != null && token.isScalarValue()) {
                values.texts.add(json.getText()); // numbers keep the digits that they have here
            } else {
                throw malformed(Dictionary.label(tag) + " has a value that is neither text, number nor item");
            }
        }
    }

    /** The component groups of a person name whose first key has been read. */
    private String personName() throws IOException {
        String[] groups = {"", "", ""};
        while (json.currentToken() == JsonToken.FIELD_NAME) {
            int group = NAME_GROUPS.indexOf(json.currentName());
            json.nextToken();
            if (group >= 0 && json.currentToken() == JsonToken.VALUE_STRING) {
                groups[group] = json.getText();
            } else {
                json.skipChildren();
            }
            json.nextToken();
        }
        return String.join("=", groups).replaceFirst("=+$", "");
    }

    private Element numbers(int tag, Vr vr, List<String> texts) {
        try {
            DataSet.Builder made = DataSet.builder();
            switch (vr) {
                case FL, FD ->
                    made.putDecimal(
                            tag,
                            vr,
                            texts.stream().mapToDouble(DicomJsonReader::decimal).toArray());
                case AT ->
                    made.putInteger(
                            tag,
                            vr,
                            texts.stream()
                                    .mapToLong(text -> Long.parseLong(text, 16))
                                    .toArray());
                case UV ->
                    made.putInteger(
                            tag,
                            vr,
                            texts.stream().mapToLong(Long::parseUnsignedLong).toArray());
                default ->
                    made.putInteger(
                            tag, vr, texts.stream().mapToLong(Long::parseLong).toArray());
            }
            return made.build().element(tag).orElseThrow();
        } catch (IllegalArgumentException e) {
            throw malformed(Dictionary.label(tag) + " has a value that VR " + vr + " does not hold");
        }
    }

    private static double decimal(String text) {
        return switch (text) {
            case "inf", "Infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private void expect(JsonToken token, String what) {
        if (json.currentToken() != token) {
            throw malformed("not " + what + " where one must be");
        }
    }

    private WalnutException malformed(String problem) {
        return new WalnutException(
                FailureCode.MALFORMED_DATASET,
                "DICOM JSON, line " + json.currentLocation().getLineNr() + ": " + problem);
    }
}
