package walnut.models.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import walnut.models.inference.LoadedModel;
import walnut.models.inference.ModelOutput;
import walnut.models.inference.RuntimeFingerprint;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.PackageWriter;
import walnut.models.passport.Passport;
import walnut.models.passport.Passport.StoredTensor;
import walnut.models.preprocess.ModelInput;
import walnut.models.tensor.Tensor;
import walnut.models.tensor.TensorDigest;

/**
 * Writes into a package directory what its model answers here and now, to be compared ever after. For whoever makes the
 * package, once; never on a machine that serves it.
 */
public final class KnownAnswerRecorder {
    /** How many of an output's largest values, and how many evenly spread ones, are kept as samples. */
    private static final int SAMPLES = 32;

    private static final double OUTPUT_TOLERANCE = 1e-3;
    private static final double SCORE_TOLERANCE = 2e-3;

    private KnownAnswerRecorder() {}

    /**
     * Fills in {@code expected} of every case under {@code knownAnswers} (name and inputs suffice) and seals the package.
     */
    public static ModelPackage record(Path directory) {
        ObjectNode passport = PackageWriter.passportOf(directory);
        ArrayNode cases = passport.withArray("knownAnswers").deepCopy();
        passport.putArray("knownAnswers");
        PackageWriter.seal(directory, passport);
        ModelPackage unproven = ModelPackage.open(directory);
        try (LoadedModel model = LoadedModel.load(unproven)) {
            String runtimeClass =
                    RuntimeFingerprint.of("", unproven.passport().runtime()).runtimeClass();
            for (JsonNode known : cases) {
                ((ObjectNode) known).set("expected", expected((ObjectNode) known, unproven, model, runtimeClass));
            }
        }
        passport.set("knownAnswers", cases);
        PackageWriter.seal(directory, passport);
        return ModelPackage.open(directory);
    }

    private static ObjectNode expected(
            ObjectNode known, ModelPackage modelPackage, LoadedModel model, String runtimeClass) {
        List<StoredTensor> stored = new ArrayList<>();
        for (JsonNode input : known.withArray("inputs")) {
            stored.add(new StoredTensor(
                    input.path("name").asText(),
                    input.path("file").asText(),
                    input.path("scale").asDouble(1)));
        }
        Passport passport = modelPackage.passport();
        ModelInput input = KnownAnswer.input(passport, stored, modelPackage);
        ModelOutput output = model.run(input);
        ObjectNode expected = new ObjectMapper().createObjectNode();
        ArrayNode outputs = expected.putArray("outputs");
        for (Tensor tensor : output.tensors()) {
            ObjectNode one = outputs.addObject();
            one.put("name", tensor.name())
                    .put("sha256", TensorDigest.sha256(tensor))
                    .put("tolerance", OUTPUT_TOLERANCE);
            ArrayNode samples = one.putArray("samples");
            float[] values = tensor.toArray();
            for (int offset : sampleOffsets(values)) {
                samples.addObject().put("offset", offset).put("value", new BigDecimal(Float.toString(values[offset])));
            }
        }
        expected.put("caseScoreRaw", KnownAnswer.rawScore(passport, input, output))
                .put("caseScoreTolerance", SCORE_TOLERANCE)
                .put("recordedUnder", runtimeClass);
        return expected;
    }

    private static TreeSet<Integer> sampleOffsets(float[] values) {
        TreeSet<Integer> offsets = new TreeSet<>();
        IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer offset) -> -values[offset]))
                .limit(SAMPLES)
                .forEach(offsets::add);
        for (int n = 0; n < SAMPLES; n++) {
            offsets.add((int) ((long) n * values.length / SAMPLES));
        }
        return offsets;
    }
}
