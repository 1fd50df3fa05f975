package walnut.prostate.series;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Vr;
import walnut.testing.MrSeries;

/** The committed tables of makers' headers: each row as the images that such a series holds, and what the rules say of it. */
final class VendorHeaders {
    /** The first table; a third of it is set aside. */
    static final String FIRST = "vendor-headers.tsv";

    /** Traps, written and run once after the rules were made; the rules have since learnt from it. */
    static final String SECOND = "vendor-headers-second.tsv";

    /** Everyday series, written and run once after that; the rules have since learnt from it too. */
    static final String THIRD = "vendor-headers-third.tsv";

    /** More than one image at a place is kept, for dynamics and b-values; as many places as the rules need to see. */
    private static final int PLACES = 2;

    private VendorHeaders() {}

    /** One row, by column name. */
    record Row(Map<String, String> fields) {
        String get(String column) {
            return Objects.requireNonNull(fields.get(column), column);
        }

        Row with(String column, String value) {
            Map<String, String> changed = new LinkedHashMap<>(fields);
            changed.put(column, value);
            return new Row(changed);
        }

        String key() {
            return get("key");
        }

        SeriesRole role() {
            return SeriesRole.valueOf(get("role"));
        }

        /** The split rule of the table's header. */
        boolean isSetAside() {
            return digest(key())[0] % 3 == 0;
        }

        private static int[] digest(String text) {
            try {
                byte[] bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return IntStream.range(0, bytes.length)
                        .map(at -> bytes[at] & 0xFF)
                        .toArray();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The role and the evidence, by the path that a folder or an archive takes. */
        StudySeries assembled() {
            List<InstanceHeader> headers = instances().stream()
                    .map(instance -> InstanceHeaderReader.read(Path.of("row.dcm"), instance))
                    .toList();
            return StudyAssembly.of(headers, Map.of()).series().get(0);
        }

        private List<DataSet> instances() {
            List<String> bValues = list("bValues", ",");
            int repeats = Math.max(1, Math.max(bValues.size(), whole("temporalPositions")));
            List<DataSet> instances = new ArrayList<>();
            for (int repeat = 0; repeat < repeats; repeat++) {
                int position = repeat + 1;
                MrSeries images = MrSeries.of(1, get("seriesDescription"))
                        .slices(Math.max(1, Math.min(PLACES, whole("slices"))))
                        .startingAt(0, 1 + 100 * repeat)
                        .with(this::header)
                        .with(this::geometry);
                if (repeat < bValues.size()) {
                    double b = Double.parseDouble(bValues.get(repeat));
                    images.with(builder -> bValue(builder, b));
                }
                if (!get("temporalPositions").isEmpty()) {
                    images.with(builder -> builder.putInteger(Tag.TemporalPositionIdentifier, position));
                }
                instances.addAll(images.instances());
            }
            return instances;
        }

        private void header(DataSet.Builder builder) {
            text(builder, Tag.Manufacturer, "manufacturer");
            text(builder, Tag.Modality, "modality");
            text(builder, Tag.ProtocolName, "protocolName");
            text(builder, Tag.SequenceName, "sequenceName");
            text(builder, Tag.MRAcquisitionType, "mrAcquisitionType");
            text(builder, Tag.ContrastBolusAgent, "contrastAgent");
            texts(builder, Tag.ImageType, "imageType");
            texts(builder, Tag.ScanningSequence, "scanningSequence");
            texts(builder, Tag.SequenceVariant, "sequenceVariant");
            texts(builder, Tag.ScanOptions, "scanOptions");
            decimal(builder, Tag.EchoTime, "echoTimeMs");
            decimal(builder, Tag.RepetitionTime, "repetitionTimeMs");
            decimal(builder, Tag.InversionTime, "inversionTimeMs");
            decimal(builder, Tag.FlipAngle, "flipAngle");
            decimal(builder, Tag.SliceThickness, "sliceThicknessMm");
            if (!get("modality").equals("MR")) {
                builder.putString(Tag.SOPClassUID, "1.2.840.10008.5.1.4.1.1.7");
            }
        }

        private void geometry(DataSet.Builder builder) {
            if (!get("rows").isEmpty()) {
                builder.putInteger(Tag.Rows, whole("rows")).putInteger(Tag.Columns, whole("columns"));
            }
            if (get("spacingMm").isEmpty()) {
                builder.putEmpty(Tag.PixelSpacing);
            } else {
                double spacing = Double.parseDouble(get("spacingMm"));
                builder.putDecimal(Tag.PixelSpacing, spacing, spacing);
            }
            double[] position = builder.build().decimals(Tag.ImagePositionPatient);
            double depth = position[2];
            switch (get("plane")) {
                case "SAGITTAL" ->
                    builder.putDecimal(Tag.ImageOrientationPatient, 0, 1, 0, 0, 0, -1)
                            .putDecimal(Tag.ImagePositionPatient, depth, -100, 60);
                case "CORONAL" ->
                    builder.putDecimal(Tag.ImageOrientationPatient, 1, 0, 0, 0, 0, -1)
                            .putDecimal(Tag.ImagePositionPatient, -100, depth, 60);
                default -> {}
            }
        }

        /** Half of the rows by the standard attribute, the others as their maker writes it. */
        private void bValue(DataSet.Builder builder, double b) {
            String direction = get("diffusionDirectionality");
            String maker = get("manufacturer").toLowerCase(Locale.ROOT);
            boolean standard = !direction.isEmpty() || digest(key())[1] % 2 == 0;
            if (!direction.isEmpty()) {
                builder.putString(Tag.DiffusionDirectionality, b == 0 ? "NONE" : direction);
            }
            if (!standard && maker.startsWith("siemens")) {
                MrSeries.siemensB(builder, Long.toString(Math.round(b)));
            } else if (!standard && maker.startsWith("ge")) {
                builder.putString(0x00430010, Vr.LO, "GEMS_PARM_01").putInteger(0x00431039, Vr.IS, Math.round(b));
            } else if (!standard && maker.startsWith("philips")) {
                builder.putString(0x20010010, Vr.LO, "Philips Imaging DD 001").putDecimal(0x20011003, Vr.FL, b);
            } else if (!standard && maker.startsWith("uih")) {
                builder.putString(0x00650010, Vr.LO, "Image Private Header").putDecimal(0x00651009, Vr.FD, b);
            } else {
                builder.putDecimal(Tag.DiffusionBValue, b);
            }
        }

        private void text(DataSet.Builder builder, int tag, String column) {
            if (!get(column).isEmpty()) {
                builder.putString(tag, get(column));
            }
        }

        private void texts(DataSet.Builder builder, int tag, String column) {
            if (get(column).isEmpty()) {
                builder.putEmpty(tag);
            } else {
                builder.putString(tag, list(column, "\\").toArray(String[]::new));
            }
        }

        private void decimal(DataSet.Builder builder, int tag, String column) {
            if (get(column).isEmpty()) {
                builder.putEmpty(tag);
            } else {
                builder.putDecimal(tag, Double.parseDouble(get(column)));
            }
        }

        private int whole(String column) {
            return get(column).isEmpty() ? 0 : Integer.parseInt(get(column));
        }

        private List<String> list(String column, String separator) {
            return get(column).isEmpty() ? List.of() : Arrays.asList(get(column).split(Pattern.quote(separator), -1));
        }
    }

    /** What the rules said of one row. */
    record Answered(Row row, SeriesRole answer, List<Evidence> evidence) {
        static Answered of(Row row) {
            StudySeries series = row.assembled();
            return new Answered(row, series.role(), series.evidence());
        }

        /** Something fired: an OTHER that a rule gave is an answer, an OTHER for want of any rule is none. */
        boolean isAnswer() {
            return evidence.stream().noneMatch(one -> one.rule().equals(RoleRules.UNDECIDED));
        }

        boolean isMiss() {
            return isAnswer() && answer != row.role();
        }

        @Override
        public String toString() {
            return row.key() + " \"" + row.get("seriesDescription") + "\" is " + row.role() + ", answered "
                    + (isAnswer() ? answer : "nothing") + " by " + evidence;
        }
    }

    /**
     * Counts over some rows.
     *
     * @param rows how many
     * @param answered how many of them a rule decided
     * @param right how many of those decisions are the table's role
     */
    record Score(int rows, int answered, int right) {
        static Score of(List<Answered> answers) {
            return new Score(
                    answers.size(),
                    (int) answers.stream().filter(Answered::isAnswer).count(),
                    (int) answers.stream()
                            .filter(one -> one.isAnswer() && !one.isMiss())
                            .count());
        }

        double precision() {
            return (double) right / answered;
        }

        double abstention() {
            return (double) (rows - answered) / rows;
        }

        /** "121 of 121, 1.000 (95 % Wilson 0.969–1.000)". */
        String precisionInWords() {
            double z = 1.959963984540054;
            double n = answered;
            double p = precision();
            double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
            double half = z / (1 + z * z / n) * StrictMath.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
            return String.format(
                    Locale.ROOT,
                    "%d of %d, %.3f (95 %% Wilson %.3f–%.3f)",
                    right,
                    answered,
                    p,
                    Math.max(0, centre - half),
                    Math.min(1, centre + half));
        }

        /** "0 of 121, 0.000". */
        String abstentionInWords() {
            return String.format(Locale.ROOT, "%d of %d, %.3f", rows - answered, rows, abstention());
        }
    }

    static List<Answered> answers(String table, Predicate<Row> of) {
        return rows(table).stream().filter(of).map(Answered::of).toList();
    }

    static List<Row> rows(String table) {
        List<String> lines = lines(table);
        String[] columns = lines.get(0).split("\t", -1);
        return lines.stream()
                .skip(1)
                .map(line -> {
                    String[] cells = line.split("\t", -1);
                    Map<String, String> fields = new LinkedHashMap<>();
                    for (int at = 0; at < columns.length; at++) {
                        fields.put(columns[at], cells[at]);
                    }
                    return new Row(fields);
                })
                .toList();
    }

    private static List<String> lines(String table) {
        try (var stream = Objects.requireNonNull(VendorHeaders.class.getResourceAsStream(table), table)) {
            String all = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(all.split("\n"))
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
