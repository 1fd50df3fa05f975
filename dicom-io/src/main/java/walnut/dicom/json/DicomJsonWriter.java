package walnut.dicom.json;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Dictionary;
import walnut.dicom.data.Element;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Vr;

/**
 * Writes data sets in the DICOM JSON model (PS3.18 section F.2). Group lengths and group 0002 have no place in it. Text
 * is UTF-8, and SpecificCharacterSet, where it is present, says so.
 */
public final class DicomJsonWriter {
    /** Where the value of an element is to be fetched, instead of standing inline. */
    @FunctionalInterface
    public interface BulkData {
        /** All values inline. Encapsulated pixel data cannot be. */
        BulkData INLINE = element -> Optional.empty();

        Optional<String> uri(Element element);
    }

    static final List<String> NAME_GROUPS = List.of("Alphabetic", "Ideographic", "Phonetic");
    private static final Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?");

    private final JsonGenerator json;
    private final BulkData bulkData;

    private DicomJsonWriter(JsonGenerator json, BulkData bulkData) {
        this.json = json;
        this.bulkData = bulkData;
    }

    /** Writes one JSON object; neither flushes nor closes. */
    public static void write(JsonGenerator json, DataSet dataSet, BulkData bulkData) throws IOException {
        new DicomJsonWriter(json, bulkData).dataSet(dataSet);
    }

    private void dataSet(DataSet dataSet) throws IOException {
        json.writeStartObject();
        for (Element element : dataSet) {
            boolean groupLength = (element.tag() & 0xFFFF) == 0;
            if (!groupLength && element.tag() >>> 16 > 0x0002) {
                json.writeObjectFieldStart(String.format("%08X", element.tag()));
                json.writeStringField("vr", element.vr().name());
                value(element);
                json.writeEndObject();
            }
        }
        json.writeEndObject();
    }

    private void value(Element element) throws IOException {
        if (element.isEmpty()) {
            return; // F.2.5: neither Value nor anything else
        }
        Optional<String> uri = bulkData.uri(element);
        if (uri.isPresent()) {
            json.writeStringField("BulkDataURI", uri.get());
        } else if (element.isEncapsulated()) {
            throw new IllegalArgumentException(
                    Dictionary.label(element.tag()) + " is compressed: DICOM JSON refers to it, and no URI is given");
        } else if (isBytes(element.vr())) {
            json.writeFieldName("InlineBinary");
            json.writeBinary(element.array(), element.arrayOffset(), element.length());
        } else {
            json.writeArrayFieldStart("Value");
            values(element);
            json.writeEndArray();
        }
    }

    static boolean isBytes(Vr vr) {
        return switch (vr) {
            case OB, OD, OF, OL, OV, OW, UN -> true;
            default -> false;
        };
    }

    private void values(Element element) throws IOException {
        switch (element.vr()) {
            case SQ -> {
                for (DataSet item : element.items()) {
                    dataSet(item);
                }
            }
            case PN -> {
                for (String name : element.strings()) {
                    personName(name);
                }
            }
            case DS, IS -> {
                for (String number : element.strings()) {
                    decimalText(number);
                }
            }
            case FL, FD -> {
                for (double number : element.decimals()) {
                    floatingPoint(element.vr(), number);
                }
            }
            case US, SS, UL, SL, SV -> {
                for (long number : element.integers()) {
                    json.writeNumber(number);
                }
            }
            case UV -> {
                for (String number : element.strings()) {
                    json.writeNumber(number);
                }
            }
            default -> {
                boolean characterSet = element.tag() == Tag.SpecificCharacterSet;
                for (String text : characterSet ? List.of("ISO_IR 192") : element.strings()) {
                    textOrNull(text);
                }
            }
        }
    }

    /** F.2.5: an empty value among others is null. */
    private void textOrNull(String text) throws IOException {
        if (text.isEmpty()) {
            json.writeNull();
        } else {
            json.writeString(text);
        }
    }

    private void personName(String name) throws IOException {
        if (name.isEmpty()) {
            json.writeNull();
            return;
        }
        String[] groups = name.split("=", NAME_GROUPS.size());
        json.writeStartObject();
        for (int i = 0; i < groups.length; i++) {
            if (!groups[i].isEmpty()) {
                json.writeStringField(NAME_GROUPS.get(i), groups[i]);
            }
        }
        json.writeEndObject();
    }

    /** The digits as they stand, where JSON can say them; what is no number goes as a string (Table F.2.3-1). */
    private void decimalText(String number) throws IOException {
        if (JSON_NUMBER.matcher(number).matches()) {
            json.writeNumber(number);
        } else if (DECIMAL.matcher(number).matches()) {
            json.writeNumber(new BigDecimal(number));
        } else {
            textOrNull(number);
        }
    }

    private void floatingPoint(Vr vr, double number) throws IOException {
        if (Double.isNaN(number)) {
            json.writeString("NaN");
        } else if (Double.isInfinite(number)) {
            json.writeString(number > 0 ? "inf" : "-inf");
        } else if (vr == Vr.FL) {
            json.writeNumber((float) number);
        } else {
            json.writeNumber(number);
        }
    }
}
