package walnut.monitoring.accuracy;

import java.util.Optional;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Proportion;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * The 2×2 table of a decision against the truth at one operating point, and what is read from it. 0/0 is undefined,
 * never 0. Rates carry Wilson intervals; they assume one exam per patient.
 *
 * <p>Sensitivity among biopsied men is not the sensitivity: see {@link VerificationBias}.
 */
public record Confusion(long truePositives, long falsePositives, long trueNegatives, long falseNegatives) {
    public Confusion {
        if (truePositives < 0 || falsePositives < 0 || trueNegatives < 0 || falseNegatives < 0) {
            throw new IllegalArgumentException("counts are not negative");
        }
    }

    /** A table counted elsewhere; undefined when a count is negative. */
    public static Answer<Confusion> ofCounts(
            long truePositives, long falsePositives, long trueNegatives, long falseNegatives) {
        boolean sound = Math.min(Math.min(truePositives, falsePositives), Math.min(trueNegatives, falseNegatives)) >= 0;
        return sound
                ? Answer.of(new Confusion(truePositives, falsePositives, trueNegatives, falseNegatives))
                : Answer.undefined(Reason.OUT_OF_RANGE);
    }

    /** Positive iff score ≥ threshold. Weights are ignored: these are counts of cases. */
    public static Answer<Confusion> at(double threshold, LabelledScores cases) {
        Optional<Reason> fault = cases.fault();
        if (fault.isEmpty() && Double.isNaN(threshold)) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        return Answer.unless(fault, () -> {
            long tp = 0;
            long fp = 0;
            for (int i = 0; i < cases.n(); i++) {
                if (cases.score(i) >= threshold) {
                    tp += cases.label(i) ? 1 : 0;
                    fp += cases.label(i) ? 0 : 1;
                }
            }
            return Answer.of(new Confusion(tp, fp, cases.negatives() - fp, cases.positives() - tp));
        });
    }

    public long positives() {
        return truePositives + falseNegatives;
    }

    public long negatives() {
        return trueNegatives + falsePositives;
    }

    public long n() {
        return positives() + negatives();
    }

    /** Of the men with csPCa, those flagged. */
    public Proportion sensitivity() {
        return new Proportion(truePositives, positives());
    }

    /** Of the men without csPCa, those not flagged. */
    public Proportion specificity() {
        return new Proportion(trueNegatives, negatives());
    }

    /** Of the men flagged, those with csPCa. */
    public Proportion ppv() {
        return new Proportion(truePositives, truePositives + falsePositives);
    }

    /** Of the men not flagged, those without csPCa. */
    public Proportion npv() {
        return new Proportion(trueNegatives, trueNegatives + falseNegatives);
    }

    public Proportion accuracy() {
        return new Proportion(truePositives + trueNegatives, n());
    }

    public Proportion prevalence() {
        return new Proportion(positives(), n());
    }

    /** 2TP / (2TP + FP + FN). */
    public Statistic f1() {
        return Statistic.ratio(2.0 * truePositives, 2.0 * truePositives + falsePositives + falseNegatives, n());
    }

    /** Mean of sensitivity and specificity. */
    public Statistic balancedAccuracy() {
        return ofBothRates((sensitivity, specificity) -> Statistic.of((sensitivity + specificity) / 2, n()));
    }

    /** Sensitivity + specificity − 1. */
    public Statistic youden() {
        return ofBothRates((sensitivity, specificity) -> Statistic.of(sensitivity + specificity - 1, n()));
    }

    /** Matthews correlation; undefined when a margin is empty. */
    public Statistic matthews() {
        double product = (double) (truePositives + falsePositives)
                * positives()
                * negatives()
                * (trueNegatives + falseNegatives);
        return Statistic.ratio(
                (double) truePositives * trueNegatives - (double) falsePositives * falseNegatives,
                Math.sqrt(product),
                n());
    }

    /** Sensitivity / (1 − specificity); undefined rather than infinite without false positives. */
    public Statistic positiveLikelihoodRatio() {
        return ofBothRates(
                (sensitivity, specificity) -> Statistic.ratio(sensitivity * negatives(), falsePositives, n()));
    }

    /** (1 − sensitivity) / specificity; undefined without true negatives. */
    public Statistic negativeLikelihoodRatio() {
        return ofBothRates(
                (sensitivity, specificity) -> Statistic.ratio((double) falseNegatives / positives(), specificity, n()));
    }

    /** What the PPV would be where the prevalence is {@code prevalence} (Bayes). */
    public Statistic ppvAt(double prevalence) {
        return ofBothRates((sensitivity, specificity) -> {
            double flagged = sensitivity * prevalence + (1 - specificity) * (1 - prevalence);
            return atPrevalence(prevalence, sensitivity * prevalence, flagged);
        });
    }

    /** What the NPV would be where the prevalence is {@code prevalence} (Bayes). */
    public Statistic npvAt(double prevalence) {
        return ofBothRates((sensitivity, specificity) -> {
            double cleared = specificity * (1 - prevalence) + (1 - sensitivity) * prevalence;
            return atPrevalence(prevalence, specificity * (1 - prevalence), cleared);
        });
    }

    private Statistic atPrevalence(double prevalence, double right, double all) {
        return prevalence >= 0 && prevalence <= 1
                ? Statistic.ratio(right, all, n())
                : Statistic.undefined(Reason.INVALID_PARAMETER, n());
    }

    private interface OfRates {
        Statistic apply(double sensitivity, double specificity);
    }

    private Statistic ofBothRates(OfRates formula) {
        return positives() == 0 || negatives() == 0
                ? Statistic.undefined(Reason.ZERO_DENOMINATOR, n())
                : formula.apply((double) truePositives / positives(), (double) trueNegatives / negatives());
    }
}
