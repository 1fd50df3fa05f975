package walnut.monitoring.statistic;

import java.util.Arrays;
import java.util.Optional;

/**
 * Adjusted p-values in input order, monotone and capped at 1: Bonferroni, Holm (Scand. J. Stat. 6 (1979) 65),
 * Benjamini–Hochberg (J. R. Stat. Soc. B 57 (1995) 289), Benjamini–Yekutieli (Ann. Stat. 29 (2001) 1165). Reject where
 * the adjusted p ≤ α. A NaN makes the family undefined: dropping it would change the number of tests.
 */
public final class MultipleTesting {
    private MultipleTesting() {}

    public static Answer<double[]> bonferroni(double[] p) {
        return Answer.unless(
                fault(p),
                () -> Answer.of(
                        Arrays.stream(p).map(x -> Math.min(1, x * p.length)).toArray()));
    }

    /** Controls the chance of any false rejection. */
    public static Answer<double[]> holm(double[] p) {
        return Answer.unless(fault(p), () -> {
            int[] order = Sorting.order(p);
            double[] adjusted = new double[p.length];
            double running = 0;
            for (int rank = 0; rank < p.length; rank++) {
                running = Math.max(running, Math.min(1, p[order[rank]] * (p.length - rank)));
                adjusted[order[rank]] = running;
            }
            return Answer.of(adjusted);
        });
    }

    /** Controls the expected share of false rejections, for independent or positively dependent tests. */
    public static Answer<double[]> benjaminiHochberg(double[] p) {
        return Answer.unless(fault(p), () -> Answer.of(stepUp(p, 1)));
    }

    /** As Benjamini–Hochberg, under any dependence. */
    public static Answer<double[]> benjaminiYekutieli(double[] p) {
        return Answer.unless(fault(p), () -> {
            double harmonic = 0;
            for (int i = 1; i <= p.length; i++) {
                harmonic += 1.0 / i;
            }
            return Answer.of(stepUp(p, harmonic));
        });
    }

    private static double[] stepUp(double[] p, double factor) {
        int[] order = Sorting.order(p);
        double[] adjusted = new double[p.length];
        double running = 1;
        for (int rank = p.length; rank >= 1; rank--) {
            int i = order[rank - 1];
            running = Math.min(running, p[i] * p.length * factor / rank);
            adjusted[i] = running;
        }
        return adjusted;
    }

    private static Optional<Reason> fault(double[] p) {
        if (p.length == 0) {
            return Optional.of(Reason.EMPTY);
        }
        for (double x : p) {
            if (!Double.isFinite(x)) {
                return Optional.of(Reason.NON_FINITE_INPUT);
            }
            if (x < 0 || x > 1) {
                return Optional.of(Reason.OUT_OF_RANGE);
            }
        }
        return Optional.empty();
    }
}
