package walnut.models.findings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import walnut.models.inference.ModelOutput;
import walnut.models.passport.Passport;
import walnut.models.passport.Passport.Candidates.CandidateGrid;
import walnut.models.passport.Passport.Output;
import walnut.models.passport.Passport.OutputMeaning;
import walnut.models.preprocess.ModelInput;
import walnut.models.tensor.Tensor;
import walnut.volume.Lps;
import walnut.volume.Resample;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/**
 * What a model's answer says about the patient.
 *
 * @param caseScore as shown: calibrated where the passport carries a calibration
 * @param caseScoreRaw the highest confidence of any finding, 0 without one
 * @param findings by falling confidence
 * @param modelHeatmap the model's own voxels, in the patient
 * @param t2wGeometry of the T2W volume that findings refer to
 * @param midline that sides refer to
 * @param gland empty when the model outlines none or found none
 */
public record CaseFindings(
        double caseScore,
        double caseScoreRaw,
        List<Decision> decisions,
        List<Finding> findings,
        Volume modelHeatmap,
        VolumeGeometry t2wGeometry,
        Midline midline,
        Optional<Gland> gland) {

    public CaseFindings {
        decisions = List.copyOf(decisions);
        findings = List.copyOf(findings);
    }

    /** Whether the shown score reaches the threshold of one of the passport's operating points. */
    public record Decision(String operatingPoint, double threshold, boolean positive) {}

    /** Reads findings from the output that the model gave for this input, by the rules of its passport. */
    public static CaseFindings read(Passport passport, ModelInput input, ModelOutput output) {
        Output heat = passport.output(OutputMeaning.LESION_HEATMAP).orElseThrow();
        Volume modelHeatmap =
                new Volume(input.grid(), output.tensor(heat.name()).toArray());
        Optional<Gland> gland = gland(passport, input.grid(), output);
        Midline midline = midline(passport, gland, input.t2wGeometry());

        Passport.Candidates rule = passport.candidateRule();
        Volume searched =
                rule.grid() == CandidateGrid.MODEL ? modelHeatmap : Resample.onto(input.t2wGeometry(), modelHeatmap, 0);
        List<Finding> findings = new CandidateRule(rule)
                .apply(searched).stream()
                        .map(candidate -> finding(
                                candidate,
                                searched.geometry(),
                                input.t2wGeometry(),
                                midline,
                                passport.sideRule().midlineHalfWidthMm()))
                        .toList();
        return scored(passport, findings, modelHeatmap, input.t2wGeometry(), midline, gland);
    }

    /**
     * The same lesions with the scores that a model which is asked about points gave them.
     *
     * @param passport of the model that scored
     * @param scores for each of {@link #findings()}, in their order
     */
    public CaseFindings rescored(Passport passport, List<Double> scores) {
        if (scores.size() != findings.size()) {
            throw new IllegalArgumentException(findings.size() + " findings, " + scores.size() + " scores");
        }
        List<Finding> rescored = new ArrayList<>();
        for (int n = 0; n < scores.size(); n++) {
            rescored.add(findings.get(n).withConfidence(scores.get(n)));
        }
        return scored(passport, rescored, modelHeatmap, t2wGeometry, midline, gland);
    }

    private static CaseFindings scored(
            Passport passport,
            List<Finding> unsorted,
            Volume modelHeatmap,
            VolumeGeometry t2w,
            Midline midline,
            Optional<Gland> gland) {
        // Stable, so that equal confidences keep the order in which they were found.
        List<Finding> findings = unsorted.stream()
                .sorted(Comparator.comparingDouble(Finding::confidence).reversed())
                .toList();
        double raw = findings.isEmpty() ? 0 : findings.get(0).confidence();
        double shown = shown(raw, passport.caseScore().calibration());
        List<Decision> decisions = passport.operatingPoints().stream()
                .map(point -> new Decision(point.name(), point.threshold(), shown >= point.threshold()))
                .toList();
        return new CaseFindings(shown, raw, decisions, findings, modelHeatmap, t2w, midline, gland);
    }

    /** The heat on the T2W grid, 0 where the model did not look; computed anew each time it is asked for. */
    public Volume heatmap() {
        return Resample.onto(t2wGeometry, modelHeatmap, 0);
    }

    /** The model's heat at a patient position, between its voxels; empty where the model did not look. */
    public OptionalDouble scoreAt(Lps position) {
        VolumeGeometry grid = modelHeatmap.geometry();
        VolumeGeometry point = new VolumeGeometry(
                1,
                1,
                1,
                grid.spacingI(),
                grid.spacingJ(),
                grid.spacingK(),
                position,
                grid.directionI(),
                grid.directionJ(),
                grid.directionK());
        float value = Resample.onto(point, modelHeatmap, Float.NaN).values()[0];
        return Float.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static Optional<Gland> gland(Passport passport, VolumeGeometry grid, ModelOutput output) {
        Passport.Gland rule = passport.gland();
        Optional<Output> zones = passport.output(OutputMeaning.GLAND_ZONES);
        if (rule == null || zones.isEmpty()) {
            return Optional.empty();
        }
        Tensor tensor = output.tensor(zones.get().name());
        return Gland.in(tensor, zones.get().classes(), grid, rule);
    }

    private static Midline midline(Passport passport, Optional<Gland> gland, VolumeGeometry t2w) {
        if (passport.sideRule().midline() == Passport.Side.Midline.GLAND_CENTROID && gland.isPresent()) {
            return new Midline(gland.get().centroidLps().x(), Midline.Source.GLAND_CENTROID);
        }
        return new Midline(t2w.centre().x(), Midline.Source.T2W_VOLUME_CENTRE);
    }

    private static Finding finding(
            Candidate candidate, VolumeGeometry grid, VolumeGeometry t2w, Midline midline, double midlineHalfWidthMm) {
        Lps centroid = Extent.centroid(candidate.voxels(), grid);
        Lps peak = Extent.centre(candidate.peak(), grid);
        return new Finding(
                candidate.confidence(),
                Side.of(centroid.x(), midline.x(), midlineHalfWidthMm),
                nearestSlice(peak, t2w),
                candidate.voxels().length * grid.voxelVolumeMm3(),
                Extent.longAxisMm(candidate.voxels(), grid),
                centroid,
                peak);
    }

    /** Half a slice between two goes to the even one (rint), the same everywhere. */
    private static int nearestSlice(Lps position, VolumeGeometry t2w) {
        VoxelIndex index = t2w.toIndex(position);
        return (int) Math.max(0, Math.min(t2w.slices() - 1.0, Math.rint(index.k())));
    }

    /** Platt scaling of the raw score; 0 and 1 stay what they are. */
    private static double shown(double raw, Passport.@Nullable Calibration calibration) {
        if (calibration == null || !(raw > 0) || !(raw < 1)) {
            return raw;
        }
        double logit = StrictMath.log(raw / (1 - raw));
        return 1 / (1 + StrictMath.exp(-(calibration.slope() * logit + calibration.intercept())));
    }
}
