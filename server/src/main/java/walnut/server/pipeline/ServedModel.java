package walnut.server.pipeline;

import java.util.Map;
import walnut.models.findings.CaseFindings;
import walnut.models.gate.KnownAnswer;
import walnut.models.inference.LoadedModel;
import walnut.models.inference.ModelOutput;
import walnut.models.inference.RuntimeFingerprint;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.Passport;
import walnut.models.preprocess.ModelInput;
import walnut.models.preprocess.Preprocessor;
import walnut.volume.Volume;

/** A model package ready to work: its passport, its loaded network, and under what it runs. */
public final class ServedModel implements AutoCloseable {
    private final ModelPackage modelPackage;
    private final LoadedModel loaded;
    private final RuntimeFingerprint runtime;

    private ServedModel(ModelPackage modelPackage, LoadedModel loaded, RuntimeFingerprint runtime) {
        this.modelPackage = modelPackage;
        this.loaded = loaded;
        this.runtime = runtime;
    }

    public static ServedModel load(ModelPackage modelPackage, String walnutVersion) {
        LoadedModel loaded = LoadedModel.load(modelPackage);
        return new ServedModel(
                modelPackage,
                loaded,
                RuntimeFingerprint.of(walnutVersion, modelPackage.passport().runtime()));
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

    /** Runs the package's known-answer cases now. */
    public KnownAnswer knownAnswer() {
        return KnownAnswer.run(modelPackage, loaded);
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

    @Override
    public void close() {
        loaded.close();
    }
}
