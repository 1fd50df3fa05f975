package walnut.server.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.findings.CaseFindings;
import walnut.models.findings.PointScore;
import walnut.models.gate.KnownAnswer;
import walnut.models.inference.LoadedModel;
import walnut.models.inference.ModelOutput;
import walnut.models.inference.RuntimeFingerprint;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.Passport;
import walnut.models.preprocess.ModelInput;
import walnut.models.preprocess.Preprocessor;
import walnut.volume.Volume;

/**
 * A model package ready to work: its passport, its loaded network, and under what it runs. A model that scores points
 * holds the one whose candidates it is asked about.
 */
public final class ServedModel implements AutoCloseable {
    private final ModelPackage modelPackage;
    private final LoadedModel loaded;
    private final RuntimeFingerprint runtime;
    private final @Nullable ServedModel finder;

    private ServedModel(
            ModelPackage modelPackage, LoadedModel loaded, RuntimeFingerprint runtime, @Nullable ServedModel finder) {
        this.modelPackage = modelPackage;
        this.loaded = loaded;
        this.runtime = runtime;
        this.finder = finder;
    }

    /**
     * @param packages gives the package of an id, for a model that scores another's candidates
     * @throws WalnutException MODEL_… as {@link LoadedModel#load}; MODEL_PACKAGE_INVALID when the other model finds no
     *     lesions itself
     */
    public static ServedModel load(
            ModelPackage modelPackage, Function<String, ModelPackage> packages, String walnutVersion) {
        Passport.Points points = modelPackage.passport().points();
        ServedModel finder = points == null ? null : finder(packages.apply(points.from()), packages, walnutVersion);
        try {
            LoadedModel loaded = LoadedModel.load(modelPackage);
            RuntimeFingerprint runtime =
                    RuntimeFingerprint.of(walnutVersion, modelPackage.passport().runtime());
            return new ServedModel(modelPackage, loaded, runtime, finder);
        } catch (RuntimeException e) {
            if (finder != null) {
                finder.close();
            }
            throw e;
        }
    }

    private static ServedModel finder(
            ModelPackage modelPackage, Function<String, ModelPackage> packages, String walnutVersion) {
        if (modelPackage.passport().scoresPoints()) {
            throw new WalnutException(
                    FailureCode.MODEL_PACKAGE_INVALID,
                    modelPackage.passport().id() + " scores points itself and finds none; name a model that does.");
        }
        return load(modelPackage, packages, walnutVersion);
    }

    public Passport passport() {
        return modelPackage.passport();
    }

    /** Digest of the passport, and with it of every file of the package. */
    public String digest() {
        return modelPackage.digest();
    }

    /** Digest of the network alone. */
    public String onnxSha256() {
        return modelPackage.onnxSha256();
    }

    public RuntimeFingerprint runtime() {
        return runtime;
    }

    /** The model whose candidates this one scores; empty when it finds lesions itself. */
    public Optional<ServedModel> finder() {
        return Optional.ofNullable(finder);
    }

    /** The model that looks at the whole case: the finder, or this one. */
    ServedModel caseModel() {
        return finder == null ? this : finder;
    }

    /** Names of the volumes that this model and its finder are fed from. */
    Set<String> channelNames() {
        Set<String> names = new TreeSet<>();
        passport().channels().forEach(channel -> names.add(channel.name()));
        if (finder != null) {
            names.addAll(finder.channelNames());
        }
        return names;
    }

    /** Down to this fraction of its maximum a candidate of the model that finds them reaches. */
    double outlinedFraction() {
        return 1 / caseModel().passport().candidateRule().dynamicFactor();
    }

    /** Whether images of this device are what this model and its finder are made for. */
    boolean isIntendedInput(@Nullable String deviceUid) {
        return passport().isIntendedInput(deviceUid) && (finder == null || finder.isIntendedInput(deviceUid));
    }

    /** Runs the package's known-answer cases now, and those of the model whose candidates it scores. */
    public KnownAnswer knownAnswer() {
        KnownAnswer own = KnownAnswer.run(modelPackage, loaded);
        if (finder == null) {
            return own;
        }
        List<KnownAnswer.CaseResult> cases = new ArrayList<>(own.cases());
        cases.addAll(finder.knownAnswer().cases());
        return new KnownAnswer(cases);
    }

    ModelInput prepare(Map<String, Volume> byChannel) {
        return Preprocessor.prepare(passport(), byChannel);
    }

    ModelOutput run(ModelInput input) {
        return loaded.run(input);
    }

    CaseFindings findings(ModelInput input, ModelOutput output) {
        return CaseFindings.read(passport(), input, output);
    }

    double pointScore(ModelOutput output) {
        return PointScore.read(passport(), output);
    }

    @Override
    public void close() {
        loaded.close();
        if (finder != null) {
            finder.close();
        }
    }
}
