package walnut.monitoring.lesion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import walnut.monitoring.accuracy.Auroc;
import walnut.monitoring.lesion.CaseDetections.Detection;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * How well lesions are found over many cases, with the values of picai_eval (81d6067, {@code Metrics}).
 *
 * <p>{@code auroc}: case level, score = largest voxel, positive = has a lesion. {@code averagePrecision}: over lesions and
 * false positives, Σ (Rₙ − Rₙ₋₁) Pₙ with precision 0 at threshold 0, where the missed lesions stand.
 * {@code picaiScore} = their mean (Saha et al., Lancet Oncol. 25 (2024) 879).
 *
 * <p>Several lesions of one man are not independent: intervals come from the patient-cluster bootstrap.
 */
public record LesionDetection(
        int cases, int lesions, Statistic auroc, Statistic averagePrecision, Statistic picaiScore, Froc froc) {

    /** A case with its weight at case level and one weight for each of its detections. */
    public record Weighted(CaseDetections detections, double caseWeight, double[] lesionWeights) {
        static Weighted one(CaseDetections detections) {
            double[] ones = new double[detections.detections().size()];
            Arrays.fill(ones, 1);
            return new Weighted(detections, 1, ones);
        }
    }

    public static LesionDetection of(List<CaseDetections> cases) {
        return ofWeighted(cases.stream().map(Weighted::one).toList());
    }

    public static LesionDetection ofWeighted(List<Weighted> cases) {
        List<Detection> detections = cases.stream()
                .flatMap(one -> one.detections().detections().stream())
                .toList();
        double[] weights = cases.stream()
                .flatMapToDouble(one -> Arrays.stream(one.lesionWeights()))
                .toArray();
        int lesions = (int) detections.stream().filter(Detection::lesion).count();
        LabelledScores caseLevel = LabelledScores.weighted(
                cases.stream()
                        .mapToDouble(one -> one.detections().hasLesion() ? 1 : 0)
                        .toArray(),
                cases.stream().mapToDouble(one -> one.detections().caseScore()).toArray(),
                cases.stream().mapToDouble(Weighted::caseWeight).toArray());
        Optional<Reason> fault = fault(detections);
        Statistic auroc = Statistic.unless(fault, cases.size(), () -> Auroc.of(caseLevel));
        Statistic precision = Statistic.unless(
                fault, cases.size(), () -> averagePrecision(cases.size(), lesions, detections, weights));
        Statistic score = Statistic.unless(
                auroc.reason().or(precision::reason),
                cases.size(),
                () -> Statistic.of((auroc.orThrow() + precision.orThrow()) / 2, cases.size()));
        Froc froc = fault.<Froc>map(Froc::undefined).orElseGet(() -> Froc.of(detections, cases.size(), lesions));
        return new LesionDetection(cases.size(), lesions, auroc, precision, score, froc);
    }

    /** A confidence is finite and not negative: a NaN has no place among thresholds. */
    private static Optional<Reason> fault(List<Detection> detections) {
        if (!detections.stream().allMatch(one -> Double.isFinite(one.confidence()))) {
            return Optional.of(Reason.NON_FINITE_INPUT);
        }
        return detections.stream().anyMatch(one -> one.confidence() < 0)
                ? Optional.of(Reason.OUT_OF_RANGE)
                : Optional.empty();
    }

    private static Statistic averagePrecision(int cases, int lesions, List<Detection> detections, double[] weights) {
        if (cases == 0) {
            return Statistic.undefined(Reason.EMPTY, 0);
        }
        if (lesions == 0) {
            return Statistic.undefined(Reason.NO_LESIONS, cases);
        }
        if (weights.length != detections.size()) {
            return Statistic.undefined(Reason.LENGTH_MISMATCH, lesions);
        }
        if (!Arrays.stream(weights).allMatch(w -> w >= 0 && Double.isFinite(w))) {
            return Statistic.undefined(Reason.INVALID_WEIGHT, lesions);
        }
        double all = 0;
        for (int i = 0; i < weights.length; i++) {
            all += detections.get(i).lesion() ? weights[i] : 0;
        }
        if (all == 0) {
            return Statistic.undefined(Reason.ZERO_WEIGHT, lesions);
        }
        Integer[] order = new Integer[weights.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order,
                Comparator.comparingDouble((Integer i) -> -detections.get(i).confidence()));
        double found = 0;
        double candidates = 0;
        double area = 0;
        for (int start = 0, end; start < order.length; start = end) {
            double threshold = detections.get(order[start]).confidence();
            double foundBefore = found;
            for (end = start; end < order.length && detections.get(order[end]).confidence() == threshold; end++) {
                found += detections.get(order[end]).lesion() ? weights[order[end]] : 0;
                candidates += weights[order[end]];
            }
            if (threshold > 0 && candidates > 0) {
                area += (found - foundBefore) / all * (found / candidates);
            }
        }
        return Statistic.of(area, lesions);
    }

    /**
     * Free-response ROC: lesion sensitivity against false positives per case, one point per distinct confidence above 0,
     * in falling order.
     *
     * @param sensitivity undefined without lesions; the false positives are defined all the same
     */
    public record Froc(double[] thresholds, double[] falsePositivesPerCase, Answer<double[]> sensitivity) {
        static Froc undefined(Reason reason) {
            return new Froc(new double[0], new double[0], Answer.undefined(reason));
        }

        static Froc of(List<Detection> detections, int cases, int lesions) {
            return at(distinctConfidences(detections, false), detections, cases, lesions);
        }

        private static Froc at(double[] thresholds, List<Detection> detections, int cases, int lesions) {
            double[] falsePositives = new double[thresholds.length];
            double[] found = new double[thresholds.length];
            for (int i = 0; i < thresholds.length; i++) {
                for (Detection detection : detections) {
                    if (detection.confidence() >= thresholds[i]) {
                        found[i] += detection.lesion() ? 1 : 0;
                        falsePositives[i] += detection.lesion() ? 0 : 1;
                    }
                }
                found[i] /= lesions;
                falsePositives[i] /= cases;
            }
            return new Froc(
                    thresholds, falsePositives, lesions == 0 ? Answer.undefined(Reason.NO_LESIONS) : Answer.of(found));
        }

        private static double[] distinctConfidences(List<Detection> detections, boolean withZero) {
            double[] rising = detections.stream()
                    .mapToDouble(Detection::confidence)
                    .filter(confidence -> withZero || confidence > 0)
                    .distinct()
                    .sorted()
                    .toArray();
            double[] falling = new double[rising.length];
            Arrays.setAll(falling, i -> rising[rising.length - 1 - i]);
            return falling;
        }

        /** Largest sensitivity with at most {@code limit} false positives per case; 0 if no point has so few. */
        public Statistic sensitivityAt(double limit) {
            return sensitivity.statistic(falsePositivesPerCase.length, found -> {
                double best = 0;
                for (int i = 0; i < found.length; i++) {
                    if (falsePositivesPerCase[i] <= limit) {
                        best = Math.max(best, found[i]);
                    }
                }
                return Statistic.of(best, found.length);
            });
        }
    }

    /**
     * The FROC curve exactly as picai_eval prints it, in single precision: confidence 0 is a threshold too when a lesion
     * was missed, and the last point is overwritten with infinite false positives and the sensitivity before it, so the
     * lowest real threshold is lost when none was missed. For comparison only; {@link Froc} is the plain definition.
     */
    public static Answer<Froc> picaiFroc(List<CaseDetections> cases) {
        List<Detection> detections =
                cases.stream().flatMap(one -> one.detections().stream()).toList();
        int lesions = (int) detections.stream().filter(Detection::lesion).count();
        if (fault(detections).isPresent()) {
            return Answer.undefined(fault(detections).get());
        }
        if (lesions == 0) {
            return Answer.undefined(Reason.NO_LESIONS);
        }
        double[] thresholds = Froc.distinctConfidences(detections, true);
        if (thresholds.length < 2) {
            return Answer.undefined(Reason.TOO_FEW);
        }
        int last = thresholds.length - 1;
        double[] falsePositives = new double[thresholds.length];
        double[] found = new double[thresholds.length];
        for (int i = 0; i < last; i++) {
            int tp = 0;
            int fp = 0;
            for (Detection detection : detections) {
                if (detection.confidence() >= thresholds[i]) {
                    tp += detection.lesion() ? 1 : 0;
                    fp += detection.lesion() ? 0 : 1;
                }
            }
            found[i] = (float) tp / (float) lesions;
            falsePositives[i] = (float) fp / (float) cases.size();
        }
        found[last] = found[last - 1];
        falsePositives[last] = Double.POSITIVE_INFINITY;
        return Answer.of(new Froc(thresholds, falsePositives, Answer.of(found)));
    }

    /** The cases with these 0-based positions, repeats allowed: what a bootstrap draws. */
    public static Answer<LesionDetection> ofResample(List<CaseDetections> cases, int[] chosen) {
        if (!Arrays.stream(chosen).allMatch(i -> i >= 0 && i < cases.size())) {
            return Answer.undefined(Reason.INVALID_PARAMETER);
        }
        List<CaseDetections> drawn = new ArrayList<>(chosen.length);
        for (int i : chosen) {
            drawn.add(cases.get(i));
        }
        return Answer.of(of(drawn));
    }
}
