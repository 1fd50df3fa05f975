package walnut.prostate.series;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Vr;

/**
 * One row of the second author's table of series headers (docs/series-roles.md): the attributes that the series carries, and
 * the role that this author would give it.
 */
record SecondAuthorHeader(Map<String, String> attributes) {
    private static final String TABLE = "second-author-headers.tsv";

    /** Enough to stack; roles do not count slices. */
    private static final int MOST_PLACES = 5;

    /** Enough to be a dynamic; the real number stands in NumberOfTemporalPositions. */
    private static final int MOST_TEMPORAL_POSITIONS = 6;

    private static final int MOST_DIRECTIONS = 6;

    private static final double[] AXIAL = {1, 0, 0, 0, 1, 0};
    private static final double[] CORONAL = {1, 0, 0, 0, 0, -1};
    private static final double[] SAGITTAL = {0, 1, 0, 0, 0, -1};
    private static final double[] OBLIQUE = {1, 0, 0, 0, StrictMath.cos(0.25), StrictMath.sin(0.25)};

    static List<SecondAuthorHeader> all() {
        try (InputStream in = Objects.requireNonNull(SecondAuthorHeader.class.getResourceAsStream(TABLE), TABLE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<String> lines =
                    reader.lines().filter(line -> !line.startsWith("#")).toList();
            String[] columns = lines.get(0).split("\t", -1);
            return lines.stream()
                    .skip(1)
                    .map(line -> of(columns, line.split("\t", -1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SecondAuthorHeader of(String[] columns, String[] values) {
        if (values.length != columns.length) {
            throw new IllegalArgumentException(values.length + " values in " + Arrays.toString(values));
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i++) {
            attributes.put(columns[i], values[i]);
        }
        return new SecondAuthorHeader(attributes);
    }

    String get(String column) {
        return Objects.requireNonNull(attributes.get(column), column);
    }

    SeriesRole role() {
        return SeriesRole.valueOf(get("Role"));
    }

    /** FIRST, SECOND or THIRD: the sets in the order in which they were written. */
    String set() {
        return get("Set");
    }

    String key() {
        return get("Key");
    }

    @Override
    public String toString() {
        return key() + " \"" + get("SeriesDescription") + "\"";
    }

    /** The series as it comes out of a study folder. */
    StudySeries series() {
        List<InstanceHeader> headers = instances().stream()
                .map(instance -> InstanceHeaderReader.read(Path.of("row.dcm"), instance))
                .toList();
        return StudyAssembly.of(headers, Map.of()).series().get(0);
    }

    List<DataSet> instances() {
        List<DataSet> instances = new ArrayList<>();
        List<String> bValues = list("BValues", ",");
        int directions = get("DiffusionDirections").startsWith("D")
                ? Math.min(
                        MOST_DIRECTIONS,
                        Integer.parseInt(get("DiffusionDirections").substring(1)))
                : 1;
        int temporalPositions = Math.min(MOST_TEMPORAL_POSITIONS, number("TemporalPositions", 1));
        int places = Math.min(MOST_PLACES, number("Slices", 1));
        for (int t = 0; t < temporalPositions; t++) {
            for (String b : bValues.isEmpty() ? List.of("") : bValues) {
                for (int direction = 0; direction < (b.equals("0") ? 1 : directions); direction++) {
                    for (int k = 0; k < places; k++) {
                        instances.add(instance(instances.size() + 1, k, places, t, b, direction));
                    }
                }
            }
        }
        return instances;
    }

    private DataSet instance(int number, int k, int places, int t, String b, int direction) {
        DataSet.Builder builder = DataSet.builder()
                .putString(Tag.SOPClassUID, sopClass())
                .putString(Tag.SOPInstanceUID, "2.25.7.1." + number)
                .putString(Tag.StudyInstanceUID, "2.25.7")
                .putString(Tag.SeriesInstanceUID, "2.25.7.1")
                .putString(Tag.FrameOfReferenceUID, "2.25.7.0")
                .putInteger(Tag.SeriesNumber, 1)
                .putInteger(Tag.InstanceNumber, number)
                .putString(Tag.SpecificCharacterSet, "ISO_IR 192");
        text(builder, Tag.Modality, "Modality");
        text(builder, Tag.Manufacturer, "Manufacturer");
        text(builder, Tag.ManufacturerModelName, "ManufacturerModelName");
        text(builder, Tag.BodyPartExamined, "BodyPartExamined");
        text(builder, Tag.SeriesDescription, "SeriesDescription");
        text(builder, Tag.ProtocolName, "ProtocolName");
        text(builder, Tag.ImageType, "ImageType");
        text(builder, Tag.ScanningSequence, "ScanningSequence");
        text(builder, Tag.SequenceVariant, "SequenceVariant");
        text(builder, Tag.ScanOptions, "ScanOptions");
        text(builder, Tag.MRAcquisitionType, "MRAcquisitionType");
        text(builder, Tag.SequenceName, "SequenceName");
        text(builder, Tag.EchoTime, "EchoTime");
        text(builder, Tag.RepetitionTime, "RepetitionTime");
        text(builder, Tag.InversionTime, "InversionTime");
        text(builder, Tag.FlipAngle, "FlipAngle");
        text(builder, Tag.ContrastBolusAgent, "ContrastBolusAgent");
        text(builder, Tag.NumberOfTemporalPositions, "TemporalPositions");
        text(builder, Tag.SliceThickness, "SliceThickness");
        text(builder, Tag.Rows, "Rows");
        text(builder, Tag.Columns, "Columns");
        if (!get("TemporalPositions").isEmpty()) {
            builder.putInteger(Tag.TemporalPositionIdentifier, t + 1);
        }
        geometry(builder, k, places);
        if (!b.isEmpty()) {
            diffusion(builder, b, direction);
        }
        return builder.build();
    }

    private String sopClass() {
        return switch (get("Modality")) {
            case "MR" -> "1.2.840.10008.5.1.4.1.1.4";
            case "CT" -> "1.2.840.10008.5.1.4.1.1.2";
            default -> "1.2.840.10008.5.1.4.1.1.7";
        };
    }

    private void geometry(DataSet.Builder builder, int k, int places) {
        if (get("Plane").equals("NONE") || get("PixelSpacing").isEmpty()) {
            return;
        }
        int plane = get("Plane").equals("MIX") ? 3 * k / places : -1;
        double[] cosines =
                switch (get("Plane") + (plane < 0 ? "" : plane)) {
                    case "COR", "MIX1" -> CORONAL;
                    case "SAG", "MIX2" -> SAGITTAL;
                    case "OBL" -> OBLIQUE;
                    default -> AXIAL;
                };
        double step = Double.parseDouble(get("SliceThickness")) * 1.1;
        double[] normal = {
            cosines[1] * cosines[5] - cosines[2] * cosines[4],
            cosines[2] * cosines[3] - cosines[0] * cosines[5],
            cosines[0] * cosines[4] - cosines[1] * cosines[3]
        };
        double spacing = Double.parseDouble(get("PixelSpacing"));
        builder.putDecimal(Tag.ImageOrientationPatient, cosines)
                .putDecimal(
                        Tag.ImagePositionPatient,
                        -80 + k * step * normal[0],
                        -80 + k * step * normal[1],
                        -40 + k * step * normal[2])
                .putDecimal(Tag.PixelSpacing, spacing, spacing);
    }

    /** Where this vendor and release writes a b-value, and as what. */
    private void diffusion(DataSet.Builder builder, String b, int direction) {
        boolean weighted = !b.equals("0");
        String directions = get("DiffusionDirections");
        switch (get("BValueTag")) {
            case "(0018,9087)" -> {
                builder.putDecimal(Tag.DiffusionBValue, Double.parseDouble(b));
                if (!directions.isEmpty()) {
                    builder.putString(
                            Tag.DiffusionDirectionality,
                            weighted ? (directions.equals("I") ? "ISOTROPIC" : "DIRECTIONAL") : "NONE");
                }
            }
            case "(0019,100C)" -> {
                builder.putString(0x00190010, Vr.LO, "SIEMENS MR HEADER").putString(0x0019100C, Vr.IS, b);
                if (directions.startsWith("D")) {
                    builder.putString(0x0019100D, Vr.CS, weighted ? "DIRECTIONAL" : "NONE");
                }
            }
            case "(0043,1039)" -> ge(builder, b);
            case "(0043,1039)+1e9" -> ge(builder, Long.toString(1_000_000_000L + Long.parseLong(b)));
            case "(2001,1003)" -> {
                builder.putString(0x20010010, Vr.LO, "Philips Imaging DD 001")
                        .putDecimal(0x20011003, Vr.FL, Double.parseDouble(b));
                if (!directions.isEmpty()) {
                    builder.putString(
                            0x20011004,
                            Vr.CS,
                            weighted && !directions.equals("I") ? "MPS".charAt(direction % 3) + "" : "I");
                }
            }
            case "(0065,1009)" ->
                builder.putString(0x00650010, Vr.LO, "Image Private Header")
                        .putDecimal(0x00651009, Vr.FD, Double.parseDouble(b));
            default -> throw new IllegalArgumentException("BValueTag " + get("BValueTag"));
        }
    }

    private static void ge(DataSet.Builder builder, String b) {
        builder.putString(0x00430010, Vr.LO, "GEMS_PARM_01").putString(0x00431039, Vr.IS, b, "8", "0", "0");
    }

    private void text(DataSet.Builder builder, int tag, String column) {
        List<String> values = list(column, "\\\\");
        if (!values.isEmpty()) {
            if (tag == Tag.Rows || tag == Tag.Columns) {
                builder.putInteger(tag, Long.parseLong(values.get(0)));
            } else {
                builder.putString(tag, values.toArray(String[]::new));
            }
        }
    }

    private List<String> list(String column, String separator) {
        return get(column).isEmpty() ? List.of() : List.of(get(column).split(separator));
    }

    private int number(String column, int otherwise) {
        return get(column).isEmpty() ? otherwise : Integer.parseInt(get(column));
    }
}
