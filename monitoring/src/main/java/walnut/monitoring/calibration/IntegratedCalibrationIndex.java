package walnut.monitoring.calibration;

import java.util.Arrays;
import java.util.Optional;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Quantile;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Sorting;

/**
 * Mean, median, 90th percentile and maximum distance between a smooth calibration curve and the diagonal: Austin &amp;
 * Steyerberg, Stat. Med. 38 (2019) 4051. The curve is Cleveland's lowess (J. Am. Stat. Assoc. 74 (1979) 829): local
 * linear, tricube weights over the ⌊span·n⌋ nearest scores, no robustness iterations, every point fitted.
 *
 * <p>{@code smooth} is in the order of the cases. Undefined for constant scores and for n &lt; 3. Unlike binned errors
 * it needs no bins, but it needs n in the hundreds. Quadratic in n.
 */
public record IntegratedCalibrationIndex(
        double mean, double median, double percentile90, double maximum, double[] smooth) {
    public static final double DEFAULT_SPAN = 2.0 / 3;
    private static final int FEWEST = 3;

    public static Answer<IntegratedCalibrationIndex> of(LabelledScores cases, double span) {
        return Answer.unless(fault(cases, span), () -> {
            double[] smooth = lowess(cases, span);
            double[] distance = new double[smooth.length];
            for (int i = 0; i < smooth.length; i++) {
                distance[i] = Math.abs(smooth[i] - cases.score(i));
            }
            Arrays.sort(distance);
            return Answer.of(new IntegratedCalibrationIndex(
                    Arrays.stream(distance).average().orElseThrow(),
                    Quantile.ofSorted(distance, 0.5),
                    Quantile.ofSorted(distance, 0.9),
                    distance[distance.length - 1],
                    smooth));
        });
    }

    private static Optional<Reason> fault(LabelledScores cases, double span) {
        Optional<Reason> fault = cases.faultOfProbabilities();
        if (fault.isPresent()) {
            return fault;
        }
        if (!(span > 0 && span <= 1)) {
            return Optional.of(Reason.INVALID_PARAMETER);
        }
        if (cases.n() < FEWEST || neighbours(span, cases.n()) < 2) {
            return cases.n() > 1 && isConstant(cases) ? Optional.of(Reason.ZERO_VARIANCE) : Optional.of(Reason.TOO_FEW);
        }
        return isConstant(cases) ? Optional.of(Reason.ZERO_VARIANCE) : Optional.empty();
    }

    private static boolean isConstant(LabelledScores cases) {
        for (int i = 1; i < cases.n(); i++) {
            if (cases.score(i) != cases.score(0)) {
                return false;
            }
        }
        return true;
    }

    private static int neighbours(double span, int n) {
        return (int) Math.floor(span * n + 1e-10);
    }

    private static double[] lowess(LabelledScores cases, double span) {
        int n = cases.n();
        int[] order = Sorting.order(cases.scores());
        double[] x = new double[n];
        double[] y = new double[n];
        for (int rank = 0; rank < n; rank++) {
            x[rank] = cases.score(order[rank]);
            y[rank] = cases.outcome(order[rank]);
        }
        double[] smooth = new double[n];
        int left = 0;
        int right = neighbours(span, n);
        for (int rank = 0; rank < n; rank++) {
            while (right < n && x[rank] > (x[left] + x[right]) / 2) {
                left++;
                right++;
            }
            smooth[order[rank]] = fitAt(x[rank], x, y, left, right);
        }
        return smooth;
    }

    /** The tricube-weighted local line over [left, right), at {@code at}. */
    private static double fitAt(double at, double[] x, double[] y, int left, int right) {
        double radius = Math.max(at - x[left], x[right - 1] - at);
        double sumW = 0;
        double sumX = 0;
        double sumY = 0;
        double[] weight = new double[right - left];
        for (int j = left; j < right; j++) {
            weight[j - left] = radius == 0 ? 1 : tricube(Math.abs(x[j] - at) / radius);
            sumW += weight[j - left];
            sumX += weight[j - left] * x[j];
            sumY += weight[j - left] * y[j];
        }
        double meanX = sumX / sumW;
        double meanY = sumY / sumW;
        double sxx = 0;
        double sxy = 0;
        for (int j = left; j < right; j++) {
            sxx += weight[j - left] * (x[j] - meanX) * (x[j] - meanX);
            sxy += weight[j - left] * (x[j] - meanX) * (y[j] - meanY);
        }
        // Where the neighbours coincide there is no slope to fit, only a level.
        return sxx / sumW < 1e-12 ? meanY : meanY + sxy / sxx * (at - meanX);
    }

    private static double tricube(double distance) {
        double inner = 1 - distance * distance * distance;
        return distance >= 1 ? 0 : inner * inner * inner;
    }
}
