package walnut.monitoring.accuracy;

import walnut.monitoring.statistic.Normal;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/** How many labelled cases an answer needs. Normal approximations, not rounded. */
public final class SampleSize {
    private SampleSize() {}

    /** Planning standard error of an AUROC: Hanley &amp; McNeil, Radiology 143 (1982) 29. */
    public static Statistic hanleyMcNeil(double auroc, long positives, long negatives) {
        long n = positives + negatives;
        if (positives < 1 || negatives < 1) {
            return Statistic.undefined(Reason.TOO_FEW, n);
        }
        if (!(auroc >= 0 && auroc <= 1)) {
            return Statistic.undefined(Reason.OUT_OF_RANGE, n);
        }
        double q1 = auroc / (2 - auroc);
        double q2 = 2 * auroc * auroc / (1 + auroc);
        double variance =
                (auroc * (1 - auroc) + (positives - 1) * (q1 - auroc * auroc) + (negatives - 1) * (q2 - auroc * auroc))
                        / ((double) positives * negatives);
        return Statistic.of(Math.sqrt(variance), n);
    }

    /** Cases in each of two equal windows to detect a fall of a proportion from p0 to p1, unpooled variances. */
    public static Statistic twoWindows(double p0, double p1, double alpha, double power) {
        return planned(p0, p1, alpha, power, (zAlpha, zBeta) -> {
            double z = zAlpha + zBeta;
            double d = p0 - p1;
            return z * z * (p0 * (1 - p0) + p1 * (1 - p1)) / (d * d);
        });
    }

    /** Cases in one window against a reference known without error. */
    public static Statistic oneWindow(double p0, double p1, double alpha, double power) {
        return planned(p0, p1, alpha, power, (zAlpha, zBeta) -> {
            double root = (zAlpha * Math.sqrt(p0 * (1 - p0)) + zBeta * Math.sqrt(p1 * (1 - p1))) / (p0 - p1);
            return root * root;
        });
    }

    /** Cases for a confidence interval of a proportion p with this half-width. */
    public static Statistic forHalfWidth(double p, double halfWidth, double alpha) {
        if (!(p >= 0 && p <= 1)) {
            return Statistic.undefined(Reason.OUT_OF_RANGE, 0);
        }
        if (!(halfWidth > 0 && alpha > 0 && alpha < 1)) {
            return Statistic.undefined(Reason.INVALID_PARAMETER, 0);
        }
        double z = Normal.twoSided(1 - alpha);
        return Statistic.of(z * z * p * (1 - p) / (halfWidth * halfWidth), 0);
    }

    private interface Formula {
        double of(double zAlpha, double zBeta);
    }

    private static Statistic planned(double p0, double p1, double alpha, double power, Formula formula) {
        if (!(p0 >= 0 && p0 <= 1 && p1 >= 0 && p1 <= 1)) {
            return Statistic.undefined(Reason.OUT_OF_RANGE, 0);
        }
        if (!(alpha > 0 && alpha < 1 && power > 0 && power < 1)) {
            return Statistic.undefined(Reason.INVALID_PARAMETER, 0);
        }
        if (p0 == p1) {
            return Statistic.undefined(Reason.ZERO_DENOMINATOR, 0);
        }
        return Statistic.of(formula.of(Normal.twoSided(1 - alpha), Normal.quantile(power)), 0);
    }
}
