package walnut.models.passport;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import walnut.models.passport.Passport.Channel;
import walnut.models.passport.Passport.Grid;
import walnut.models.passport.Passport.Input;
import walnut.models.passport.Passport.Layout;
import walnut.models.passport.Passport.Output;
import walnut.models.passport.Passport.OutputMeaning;
import walnut.models.passport.Passport.ScoreKind;
import walnut.models.passport.Passport.Side.Midline;
import walnut.models.passport.Passport.ZoneClass;

/**
 * Reads {@code passport.json}: first against the schema, then whether it agrees with itself. Every problem is found, not
 * only the first.
 */
public final class PassportReader {
    /** Values of one tensor: beyond this (1 GiB) no prostate is imaged, and a run would take the node's memory. */
    private static final long MAXIMUM_TENSOR_VALUES = 1L << 28;

    /** A passport is text that people write; anything larger is not one. */
    static final int MAXIMUM_BYTES = 4 * 1024 * 1024;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final JsonSchema SCHEMA = schema();

    private PassportReader() {}

    /**
     * @throws walnut.failure.WalnutException MODEL_PACKAGE_INVALID with all problems in its message
     */
    public static Passport read(byte[] json) {
        List<PackageProblem> problems = new ArrayList<>();
        Passport passport = read(json, problems);
        if (passport == null) {
            throw PackageProblem.exception(problems);
        }
        return passport;
    }

    /** The passport, or null and why. */
    static @org.jspecify.annotations.Nullable Passport read(byte[] json, List<PackageProblem> problems) {
        int before = problems.size();
        JsonNode tree = parse(json, problems);
        if (tree == null) {
            return null;
        }
        SCHEMA.validate(tree).stream()
                .map(message -> PackageProblem.invalid("passport.json" + message.getMessage()
                        + "; correct it as passport.schema.json (docs/schemas) says."))
                .forEach(problems::add);
        if (problems.size() > before) {
            return null;
        }
        try {
            Passport passport = JSON.treeToValue(tree, Passport.class);
            checkAgreement(passport, problems);
            return problems.size() > before ? null : passport;
        } catch (JsonProcessingException e) {
            problems.add(PackageProblem.invalid("passport.json holds a value out of its type's range ("
                    + e.getOriginalMessage() + "); correct it."));
            return null;
        }
    }

    /** The tree of a passport that need not be complete, for tools that fill it in. */
    static JsonNode tree(byte[] json) {
        List<PackageProblem> problems = new ArrayList<>();
        JsonNode tree = parse(json, problems);
        if (tree == null) {
            throw PackageProblem.exception(problems);
        }
        return tree;
    }

    private static @org.jspecify.annotations.Nullable JsonNode parse(byte[] json, List<PackageProblem> problems) {
        if (json.length > MAXIMUM_BYTES) {
            problems.add(PackageProblem.invalid("passport.json has " + json.length + " bytes and may have "
                    + MAXIMUM_BYTES + "; move what is not passport into other files."));
            return null;
        }
        try {
            JsonNode tree = JSON.readTree(json);
            if (tree != null && tree.isObject()) {
                return tree;
            }
            problems.add(PackageProblem.invalid("passport.json is not a JSON object; write one."));
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            problems.add(PackageProblem.invalid("passport.json is not valid JSON"
                    + (where == null ? "" : " at line " + where.getLineNr() + ", column " + where.getColumnNr())
                    + "; correct the syntax."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }

    private static void checkAgreement(Passport passport, List<PackageProblem> problems) {
        checkChannels(passport, problems);
        checkInputs(passport, problems);
        checkOutputs(passport, problems);
        checkTask(passport, problems);
        if (passport.scoreKind() == ScoreKind.PROBABILITY
                && passport.caseScore().calibration() == null) {
            problems.add(PackageProblem.invalid("passport.json calls the score a PROBABILITY without a calibration;"
                    + " give caseScore.calibration or call it a SCORE."));
        }
        if (passport.series().highB().preferred() < passport.series().highB().minimum()) {
            problems.add(PackageProblem.invalid("passport.json prefers high b-values below its own minimum;"
                    + " raise series.highB.preferred to series.highB.minimum or more."));
        }
        Set<String> paths = new HashSet<>();
        for (Passport.PackageFile file : passport.files()) {
            if (!paths.add(file.path()) || file.path().equals(ModelPackage.PASSPORT)) {
                problems.add(PackageProblem.invalid(
                        "passport.json lists " + file.path() + " wrongly; list every file but passport.json once."));
            }
        }
    }

    private static void checkChannels(Passport passport, List<PackageProblem> problems) {
        Set<String> names = new HashSet<>();
        for (Channel channel : passport.channels()) {
            if (!names.add(channel.name())) {
                problems.add(PackageProblem.invalid(
                        "passport.json describes channel " + channel.name() + " twice; keep one."));
            }
            for (NormalisationStep step : channel.normalisation()) {
                boolean reversed = (step instanceof NormalisationStep.Clip clip && clip.lower() > clip.upper())
                        || (step instanceof NormalisationStep.ClipPercentiles percentiles
                                && percentiles.lower() > percentiles.upper());
                if (reversed) {
                    problems.add(PackageProblem.invalid("passport.json clips channel " + channel.name()
                            + " with lower above upper; exchange them."));
                }
            }
        }
        if (!names.contains("T2W")) {
            problems.add(PackageProblem.invalid(
                    "passport.json has no channel T2W, whose axes carry the grid; describe it."));
        }
    }

    private static void checkInputs(Passport passport, List<PackageProblem> problems) {
        Set<String> known = new HashSet<>();
        passport.channels().forEach(channel -> known.add(channel.name()));
        Set<String> names = new HashSet<>();
        for (Input input : passport.inputs()) {
            if (!names.add(input.name())) {
                problems.add(PackageProblem.invalid("passport.json has input " + input.name() + " twice; keep one."));
            }
            for (String channel : input.channels()) {
                if (!known.contains(channel)) {
                    problems.add(PackageProblem.invalid("passport.json feeds input " + input.name() + " from channel "
                            + channel + ", which it does not describe; add it to channels."));
                }
            }
            checkShape("input " + input.name(), input.shape(), input.channels().size(), passport.grid(), problems);
        }
    }

    private static void checkOutputs(Passport passport, List<PackageProblem> problems) {
        Set<String> names = new HashSet<>();
        for (Output output : passport.outputs()) {
            if (!names.add(output.name())) {
                problems.add(PackageProblem.invalid("passport.json has output " + output.name() + " twice; keep one."));
            }
            boolean zones = output.meaning() == OutputMeaning.GLAND_ZONES;
            if (zones != (Set.copyOf(output.classes()).contains(ZoneClass.BACKGROUND))
                    || Set.copyOf(output.classes()).size() != output.classes().size()) {
                problems.add(PackageProblem.invalid("passport.json gives output " + output.name()
                        + " the wrong classes; GLAND_ZONES has BACKGROUND and the zones, each once, others none."));
            }
            if (output.meaning() == OutputMeaning.POINT_SCORE) {
                if (output.layout() != Layout.NC || !output.shape().equals(List.of(1L, 1L))) {
                    problems.add(PackageProblem.invalid("passport.json gives output " + output.name() + " the shape "
                            + output.shape() + "; a POINT_SCORE has layout NC and shape [1, 1]."));
                }
            } else {
                checkShape(
                        "output " + output.name(),
                        output.shape(),
                        zones ? output.classes().size() : 1,
                        passport.grid(),
                        problems);
            }
        }
        if (passport.output(OutputMeaning.GLAND_ZONES).isPresent() != (passport.gland() != null)) {
            problems.add(
                    PackageProblem.invalid("passport.json must give gland exactly when an output means GLAND_ZONES;"
                            + " add the one or remove the other."));
        }
    }

    /** A model either finds lesions or scores points: each has its own outputs, grid and rules. */
    private static void checkTask(Passport passport, List<PackageProblem> problems) {
        boolean points = passport.scoresPoints();
        long heatmaps = count(passport, OutputMeaning.LESION_HEATMAP);
        long scores = count(passport, OutputMeaning.POINT_SCORE);
        long zones = count(passport, OutputMeaning.GLAND_ZONES);
        if (points ? scores != 1 || passport.outputs().size() != 1 : heatmaps != 1 || scores != 0 || zones > 1) {
            problems.add(PackageProblem.invalid("passport.json has " + heatmaps + " outputs that mean LESION_HEATMAP, "
                    + zones + " GLAND_ZONES and " + scores + " POINT_SCORE; a model that finds lesions gives exactly"
                    + " one LESION_HEATMAP and at most one GLAND_ZONES, one that has points gives one POINT_SCORE"
                    + " alone."));
        }
        if (points != (passport.grid().centre() == Grid.Centre.POINT)) {
            problems.add(PackageProblem.invalid("passport.json must centre its grid on POINT exactly when it gives"
                    + " points; correct grid.centre, or add or remove points."));
        }
        Grid statistics = passport.normalisationGrid();
        if (statistics != null && statistics.centre() == Grid.Centre.POINT) {
            problems.add(PackageProblem.invalid("passport.json centres normalisationGrid on POINT; centre it on"
                    + " T2W_VOLUME_CENTRE, or leave it out to use the grid itself."));
        }
        if (points != (passport.candidates() == null) || points != (passport.side() == null)) {
            problems.add(PackageProblem.invalid("passport.json must give candidates and side exactly when it gives no"
                    + " points: they are the rules of a model that finds lesions; add or remove them."));
        }
        if (passport.side() != null
                && passport.side().midline() == Midline.GLAND_CENTROID
                && passport.output(OutputMeaning.GLAND_ZONES).isEmpty()) {
            problems.add(PackageProblem.invalid("passport.json takes the midline from the gland, but no output means"
                    + " GLAND_ZONES; use T2W_VOLUME_CENTRE."));
        }
    }

    private static long count(Passport passport, OutputMeaning meaning) {
        return passport.outputs().stream()
                .filter(output -> output.meaning() == meaning)
                .count();
    }

    private static void checkShape(
            String what, List<Long> shape, int channels, Grid grid, List<PackageProblem> problems) {
        List<Long> expected = List.of(
                1L,
                (long) channels,
                (long) grid.size().slices(),
                (long) grid.size().rows(),
                (long) grid.size().columns());
        if (!shape.equals(expected)) {
            problems.add(PackageProblem.invalid("passport.json gives " + what + " the shape " + shape
                    + ", but its channels and grid make " + expected + "; let them agree."));
        }
        double values = 1;
        for (long length : expected) {
            values *= length;
        }
        if (values > MAXIMUM_TENSOR_VALUES) {
            problems.add(PackageProblem.invalid("passport.json gives " + what + " more than " + MAXIMUM_TENSOR_VALUES
                    + " values; take a smaller grid."));
        }
    }

    private static JsonSchema schema() {
        try (InputStream stream = Objects.requireNonNull(
                PassportReader.class.getResourceAsStream("/walnut/schemas/passport.schema.json"),
                "passport.schema.json is packaged with the classes")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(
                            stream,
                            SchemaValidatorsConfig.builder()
                                    .pathType(PathType.JSON_POINTER)
                                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
