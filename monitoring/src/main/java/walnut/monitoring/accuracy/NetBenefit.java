package walnut.monitoring.accuracy;

import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Decision curve at a biopsy threshold t: NB = TP/n − FP/n · t/(1 − t), beside biopsying all and none (Vickers &amp;
 * Elkin, Med. Decis. Making 26 (2006) 565). t is the risk at which a man would just accept a biopsy; one missed cancer
 * then weighs as much as (1 − t)/t needless biopsies.
 *
 * <p>t must lie in (0, 1). Scores must be calibrated probabilities for t to have that meaning.
 */
public record NetBenefit(
        double threshold,
        Statistic netBenefit,
        Statistic treatAll,
        Statistic treatNone,
        Statistic standardised,
        Statistic interventionsAvoidedPer100) {

    public static NetBenefit at(double threshold, LabelledScores cases) {
        int n = cases.n();
        Reason fault = cases.fault().orElse(null);
        if (fault == null && !(threshold > 0 && threshold < 1)) {
            fault = Reason.OUT_OF_RANGE;
        }
        if (fault != null) {
            Statistic none = Statistic.undefined(fault, n);
            return new NetBenefit(threshold, none, none, none, none, none);
        }
        Confusion table = Confusion.at(threshold, cases).orThrow();
        double odds = threshold / (1 - threshold);
        double prevalence = (double) cases.positives() / n;
        double benefit = (double) table.truePositives() / n - (double) table.falsePositives() / n * odds;
        double all = prevalence - (1 - prevalence) * odds;
        Statistic standardised =
                prevalence == 0 ? Statistic.undefined(Reason.ONE_CLASS, n) : Statistic.of(benefit / prevalence, n);
        return new NetBenefit(
                threshold,
                Statistic.of(benefit, n),
                Statistic.of(all, n),
                Statistic.of(0, n),
                standardised,
                Statistic.of(100 * (benefit - all) / odds, n));
    }
}
