package walnut.models.passport;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's passport, format 0: everything between volumes and findings, to be executed rather than filed.
 *
 * <p>The format is {@code docs/schemas/passport.schema.json}; {@link PassportReader} makes passports that also agree
 * with themselves. Format 0 carries no promise of compatibility.
 *
 * @param id stable name of the model over its versions, lower case with hyphens
 * @param series which series of a study feed the channels
 * @param channels what each volume undergoes on its way to a tensor, by name
 * @param grid where the tensors' voxels lie in the patient
 * @param normalisationGrid from whose voxels the boxes of the normalisation take their statistics; null: from the grid
 * @param candidates how lesions are cut out of the heatmap; null exactly for a model that scores points
 * @param gland when the zones show a gland; null: the model outlines none
 * @param side left or right of what; null exactly for a model that scores points
 * @param points whose findings a model that scores points is asked about; null: the model finds lesions itself
 * @param files every file of the package but the passport itself
 */
public record Passport(
        int passportFormat,
        String id,
        String version,
        String name,
        String summary,
        String licence,
        ScoreKind scoreKind,
        IntendedUse intendedUse,
        Series series,
        List<Channel> channels,
        Grid grid,
        @Nullable Grid normalisationGrid,
        Onnx onnx,
        List<Input> inputs,
        List<Output> outputs,
        @Nullable Candidates candidates,
        @Nullable Gland gland,
        @Nullable Side side,
        @Nullable Points points,
        CaseScore caseScore,
        List<OperatingPoint> operatingPoints,
        Runtime runtime,
        List<KnownAnswerCase> knownAnswers,
        List<PackageFile> files) {

    public Passport {
        channels = List.copyOf(channels);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        operatingPoints = List.copyOf(operatingPoints);
        knownAnswers = List.copyOf(knownAnswers);
        files = List.copyOf(files);
    }

    public Channel channel(String channelName) {
        return channels.stream()
                .filter(channel -> channel.name().equals(channelName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(id + " has no channel " + channelName));
    }

    /** The output with this meaning; a passport that {@link PassportReader} accepted has one heatmap. */
    public Optional<Output> output(OutputMeaning meaning) {
        return outputs.stream().filter(output -> output.meaning() == meaning).findFirst();
    }

    /** Whether the model scores points that another model or a person names, instead of finding lesions itself. */
    public boolean scoresPoints() {
        return points != null;
    }

    /** {@link #candidates()} of a model that finds lesions. */
    public Candidates candidateRule() {
        return Objects.requireNonNull(candidates, () -> id + " finds no lesions");
    }

    /** {@link #side()} of a model that finds lesions. */
    public Side sideRule() {
        return Objects.requireNonNull(side, () -> id + " finds no lesions");
    }

    /** Whether a series made by the device with this DeviceUID (0018,1002) is what the model was made for. */
    public boolean isIntendedInput(@Nullable String deviceUid) {
        return intendedUse.intendedInput().deviceUids().isEmpty()
                || (deviceUid != null
                        && intendedUse.intendedInput().deviceUids().contains(deviceUid));
    }

    /** What the number may be called. */
    public enum ScoreKind {
        /** Trained on computer-generated phantoms: says nothing about a patient. */
        SYNTHETIC,
        SCORE,
        /** Calibrated, with population and prevalence in {@link Calibration}. */
        PROBABILITY
    }

    /**
     * @param contraindications in words, for people
     * @param contraindicatedContexts those of them that are looked for in what is known of a patient; null: all
     */
    public record IntendedUse(
            String primaryUse,
            List<String> intendedUsers,
            List<String> contraindications,
            @Nullable List<Context> contraindicatedContexts,
            List<String> limitations,
            IntendedInput intendedInput) {
        public IntendedUse {
            contraindicatedContexts = contraindicatedContexts == null ? null : List.copyOf(contraindicatedContexts);
            intendedUsers = List.copyOf(intendedUsers);
            contraindications = List.copyOf(contraindications);
            limitations = List.copyOf(limitations);
        }
    }

    /** What may be known of a patient beside the images, and speak against a model's use. */
    public enum Context {
        TREATMENT,
        RECENT_BIOPSY,
        PROSTHESIS,
        ENDORECTAL_COIL
    }

    /**
     * @param deviceUids the only devices (DeviceUID (0018,1002)) whose images the model is meant for; empty: any
     */
    public record IntendedInput(String description, List<String> deviceUids) {
        public IntendedInput {
            deviceUids = List.copyOf(deviceUids);
        }
    }

    /** What the series selection is asked to prefer. */
    public record Series(T2w t2w, HighB highB) {}

    /** Spacing, mm, that the model was trained at: among several fitting T2W series the nearest wins. */
    public record T2w(double inPlaneSpacingMm, double sliceSpacingMm, boolean accept3d) {}

    /**
     * @param minimum lowest b-value, s/mm², that counts as a high-b image
     * @param preferred from here on, acquired and scanner-computed images go before all lower ones
     * @param computeAt b-value at which the image is computed when the study holds none; null: never
     */
    public record HighB(
            double minimum, double preferred, @Nullable Double computeAt) {}

    /**
     * One volume and the steps its values undergo once they lie on the grid, in order.
     *
     * @param name T2W, ADC or HBV
     * @param unit of the values that go in; null: arbitrary
     * @param outside value, in that unit, where the volume does not reach
     */
    public record Channel(String name, @Nullable String unit, float outside, List<NormalisationStep> normalisation) {
        public Channel {
            normalisation = List.copyOf(normalisation);
        }
    }

    /**
     * The voxels of the tensors: axes of the T2W volume, each in the sense nearest to the patient's left, back and head;
     * middle of the grid at its centre.
     */
    public record Grid(Axes axes, Centre centre, Interpolation interpolation, Size size, Millimetres spacingMm) {
        public enum Axes {
            T2W
        }

        public enum Centre {
            /** The middle of the T2W volume's extent. */
            T2W_VOLUME_CENTRE,
            /** The point that is asked about. */
            POINT
        }

        public enum Interpolation {
            LINEAR
        }
    }

    public record Size(int slices, int rows, int columns) {}

    /** Distances along the axes; as a spacing: between slices, between rows, between columns. */
    public record Millimetres(double slices, double rows, double columns) {}

    /**
     * @param opset of the standard operators
     * @param domains operator sets that the graph may use
     */
    public record Onnx(String file, int opset, List<String> domains) {
        public Onnx {
            domains = List.copyOf(domains);
        }
    }

    public enum DataType {
        FLOAT32
    }

    /** Axes of a tensor: batch, channel, slice (D), row (H), column (W). */
    public enum Layout {
        NCDHW,
        NC
    }

    public record Input(String name, DataType dataType, Layout layout, List<Long> shape, List<String> channels) {
        public Input {
            shape = List.copyOf(shape);
            channels = List.copyOf(channels);
        }
    }

    public enum OutputMeaning {
        /** One channel: how much each voxel looks like a lesion. */
        LESION_HEATMAP,
        /** One channel for each of {@link Output#classes()}: to what degree a voxel belongs to it. */
        GLAND_ZONES,
        /** One value: how much the tissue round the point that is asked about looks like a lesion. */
        POINT_SCORE
    }

    public enum ZoneClass {
        BACKGROUND,
        PERIPHERAL_ZONE,
        TRANSITION_ZONE
    }

    public record Output(
            String name,
            OutputMeaning meaning,
            DataType dataType,
            Layout layout,
            List<Long> shape,
            Range range,
            List<ZoneClass> classes) {
        public Output {
            shape = List.copyOf(shape);
            classes = List.copyOf(classes);
        }
    }

    public record Range(double lower, double upper) {}

    /**
     * How candidates are cut out of the heatmap; {@code walnut.models.findings.CandidateRule} holds the rule itself.
     *
     * @param grid where the rule runs: on the model's own voxels, or on the heatmap brought to the T2W grid
     * @param minimumConfidence the rule ends when nothing left reaches it
     * @param dynamicFactor a candidate reaches down to its maximum divided by this
     * @param minimumVoxels smaller candidates are dropped
     */
    public record Candidates(
            Rule rule,
            int ruleVersion,
            CandidateGrid grid,
            int maximumCandidates,
            double minimumConfidence,
            double dynamicFactor,
            int minimumVoxels) {
        public enum Rule {
            DYNAMIC
        }

        public enum CandidateGrid {
            MODEL,
            T2W
        }
    }

    /**
     * When the zones output shows a gland; null: the model outlines none.
     *
     * @param threshold a voxel is gland when the values of all classes but BACKGROUND sum to this
     * @param minimumVolumeMl a largest connected part below this is no gland
     */
    public record Gland(double threshold, double minimumVolumeMl) {}

    /**
     * Left or right of what.
     *
     * @param midline where the patient is divided; without a gland in the zones output, the centre of the T2W volume
     * @param midlineHalfWidthMm a centroid this near counts as MIDLINE
     */
    public record Side(Midline midline, double midlineHalfWidthMm) {
        public enum Midline {
            GLAND_CENTROID,
            T2W_VOLUME_CENTRE
        }
    }

    /**
     * Where the points come from that the model scores, beside those a person names.
     *
     * @param from id of the package whose candidates are scored
     */
    public record Points(String from) {}

    /** How findings become one number per case. */
    public record CaseScore(Rule rule, @Nullable Calibration calibration) {
        public enum Rule {
            /** The highest confidence of any finding; 0 when there is none, as of an empty detection map. */
            MAXIMUM_CONFIDENCE
        }
    }

    /**
     * Platt scaling: shown = 1 / (1 + exp(-(slope · logit(raw) + intercept))).
     *
     * @param population whom it was fitted on
     * @param prevalence of the target in that population
     * @param cases how many
     */
    public record Calibration(
            Method method, double slope, double intercept, String population, double prevalence, int cases) {
        public enum Method {
            PLATT
        }
    }

    /** A case is positive when its shown score is at least the threshold. */
    public record OperatingPoint(String name, double threshold, Provenance provenance) {}

    /**
     * Where a threshold comes from.
     *
     * @param rule how it was chosen
     * @param sensitivity measured there on {@code population}; null: not measured
     */
    public record Provenance(
            String population,
            String rule,
            @Nullable Integer cases,
            @Nullable Integer positives,
            @Nullable Double sensitivity,
            @Nullable Double specificity) {}

    /**
     * @param optimizationLevel as ONNX Runtime names it; results may differ in the last bits between levels
     * @param deadlineMs a run that takes longer is ended
     */
    public record Runtime(Provider provider, OptimizationLevel optimizationLevel, int intraOpThreads, long deadlineMs) {
        public enum Provider {
            CPU
        }

        public enum OptimizationLevel {
            NO_OPT,
            BASIC_OPT,
            EXTENDED_OPT,
            ALL_OPT
        }
    }

    /** Tensors whose answer is known, and that answer. */
    public record KnownAnswerCase(String name, List<StoredTensor> inputs, ExpectedAnswer expected) {
        public KnownAnswerCase {
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * A tensor in a NumPy file of the package.
     *
     * @param scale a stored integer times this is the value; 1 for float arrays
     */
    public record StoredTensor(String name, String file, double scale) {}

    /**
     * @param recordedUnder the runtime class under which the digests of the outputs were recorded
     * @param caseScoreTolerance how far {@code caseScore} may be off under another runtime
     */
    public record ExpectedAnswer(
            List<ExpectedOutput> outputs, double caseScoreRaw, double caseScoreTolerance, String recordedUnder) {
        public ExpectedAnswer {
            outputs = List.copyOf(outputs);
        }
    }

    /**
     * @param sha256 {@code TensorDigest} of the whole output
     * @param samples values at positions spread over the output
     * @param tolerance how far each sample may be off under another runtime
     */
    public record ExpectedOutput(String name, String sha256, List<Sample> samples, double tolerance) {
        public ExpectedOutput {
            samples = List.copyOf(samples);
        }
    }

    /** @param offset position in the flattened tensor, C order */
    public record Sample(int offset, float value) {}

    /** @param path relative to the package, with forward slashes */
    public record PackageFile(String path, long size, String sha256) {}
}
