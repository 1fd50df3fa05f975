package walnut.models.gate;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.findings.CaseFindings;
import walnut.models.findings.PointScore;
import walnut.models.inference.LoadedModel;
import walnut.models.inference.ModelOutput;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.Passport;
import walnut.models.passport.Passport.ExpectedOutput;
import walnut.models.passport.Passport.KnownAnswerCase;
import walnut.models.passport.Passport.Sample;
import walnut.models.passport.Passport.StoredTensor;
import walnut.models.preprocess.ModelInput;
import walnut.models.preprocess.Preprocessor;
import walnut.models.tensor.Npy;
import walnut.models.tensor.Tensor;
import walnut.models.tensor.TensorDigest;
import walnut.volume.Lps;
import walnut.volume.VolumeGeometry;

/**
 * The known-answer cases of a package, run: from stored tensors through the model to the case score.
 *
 * @param cases in the passport's order; empty when the passport has none
 */
public record KnownAnswer(List<CaseResult> cases) {

    public KnownAnswer {
        cases = List.copyOf(cases);
    }

    /** From best to worst. */
    public enum Verdict {
        /** Every bit of every output, and the score, as recorded. */
        BITWISE,
        /** Other bits, within the passport's tolerances: expected on another processor or ONNX Runtime. */
        WITHIN_TOLERANCE,
        /** Another answer, or none. The model must not serve. */
        BROKEN
    }

    /**
     * @param largestDifference over all samples of all outputs; NaN when the model gave no answer
     * @param detail what was found, for people
     */
    public record CaseResult(String name, Verdict verdict, double largestDifference, String detail) {}

    /** The worst verdict; empty when there is no case to judge by. */
    public Optional<Verdict> overall() {
        return cases.stream().map(CaseResult::verdict).max(Comparator.naturalOrder());
    }

    /** Runs every case; a case that fails is BROKEN, not an exception. */
    public static KnownAnswer run(ModelPackage modelPackage, LoadedModel model) {
        List<CaseResult> results = new ArrayList<>();
        for (KnownAnswerCase known : modelPackage.passport().knownAnswers()) {
            try {
                results.add(judge(known, modelPackage, model));
            } catch (WalnutException e) {
                results.add(new CaseResult(known.name(), Verdict.BROKEN, Double.NaN, e.code() + ": " + e.getMessage()));
            }
        }
        return new KnownAnswer(results);
    }

    private static CaseResult judge(KnownAnswerCase known, ModelPackage modelPackage, LoadedModel model) {
        Passport passport = modelPackage.passport();
        ModelInput input = input(passport, known.inputs(), modelPackage);
        ModelOutput output = model.run(input);
        double score = rawScore(passport, input, output);

        boolean bitwise = score == known.expected().caseScoreRaw();
        double scoreDifference = Math.abs(score - known.expected().caseScoreRaw());
        boolean tolerable = scoreDifference <= known.expected().caseScoreTolerance();
        double largest = 0;
        for (ExpectedOutput expected : known.expected().outputs()) {
            Tensor found = output.tensor(expected.name());
            double difference = largestDifference(expected.samples(), found);
            bitwise &= TensorDigest.sha256(found).equals(expected.sha256());
            tolerable &= difference <= expected.tolerance();
            largest = Math.max(largest, difference);
        }
        Verdict verdict = bitwise ? Verdict.BITWISE : tolerable ? Verdict.WITHIN_TOLERANCE : Verdict.BROKEN;
        String detail = "case score " + score + ", expected "
                + known.expected().caseScoreRaw() + "; largest difference of a sample " + largest + "; recorded under "
                + known.expected().recordedUnder();
        return new CaseResult(known.name(), verdict, largest, detail);
    }

    /** The one number that a known answer ends in: the case score, or the score of the point that the tensors surround. */
    static double rawScore(Passport passport, ModelInput input, ModelOutput output) {
        return passport.scoresPoints()
                ? PointScore.read(passport, output)
                : CaseFindings.read(passport, input, output).caseScoreRaw();
    }

    private static double largestDifference(List<Sample> samples, Tensor found) {
        double largest = 0;
        for (Sample sample : samples) {
            if (sample.offset() >= found.count()) {
                return Double.POSITIVE_INFINITY;
            }
            largest = Math.max(largest, Math.abs((double) found.values().get(sample.offset()) - sample.value()));
        }
        return largest;
    }

    /**
     * The stored tensors of a case. They lie nowhere in a patient, so the grid is put in the middle of an unrotated T2W of
     * its own size.
     */
    static ModelInput input(Passport passport, List<StoredTensor> stored, ModelPackage modelPackage) {
        List<Tensor> tensors = new ArrayList<>();
        for (Passport.Input declared : passport.inputs()) {
            StoredTensor file = stored.stream()
                    .filter(tensor -> tensor.name().equals(declared.name()))
                    .findFirst()
                    .orElseThrow(() -> new WalnutException(
                            FailureCode.MODEL_PACKAGE_INVALID,
                            "the known-answer case has no input " + declared.name() + "; add it."));
            tensors.add(Npy.read(
                    new ByteArrayInputStream(modelPackage.read(file.file())),
                    declared.name(),
                    file.scale(),
                    declared.shape().stream().mapToLong(Long::longValue).toArray()));
        }
        Passport.Size size = passport.grid().size();
        Passport.Millimetres spacing = passport.grid().spacingMm();
        VolumeGeometry t2w = new VolumeGeometry(
                size.columns(),
                size.rows(),
                size.slices(),
                spacing.columns(),
                spacing.rows(),
                spacing.slices(),
                new Lps(0, 0, 0),
                new Lps(1, 0, 0),
                new Lps(0, 1, 0),
                new Lps(0, 0, 1));
        return new ModelInput(tensors, Preprocessor.grid(passport.grid(), t2w), t2w);
    }
}
