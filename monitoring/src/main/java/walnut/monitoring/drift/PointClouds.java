package walnut.monitoring.drift;

import java.util.Arrays;
import java.util.Optional;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/** A reference cloud and a current cloud of points (rows) with the same coordinates (columns), checked once. */
public final class PointClouds {
    private final double[][] pooled;
    private final int references;
    private final Optional<Reason> fault;

    private PointClouds(double[][] pooled, int references, Optional<Reason> fault) {
        this.pooled = pooled;
        this.references = references;
        this.fault = fault;
    }

    public static PointClouds of(double[][] reference, double[][] current) {
        double[][] pooled = Arrays.copyOf(reference, reference.length + current.length);
        System.arraycopy(current, 0, pooled, reference.length, current.length);
        return new PointClouds(pooled, reference.length, findFault(pooled, reference.length));
    }

    private static Optional<Reason> findFault(double[][] pooled, int references) {
        if (references == 0 || references == pooled.length) {
            return Optional.of(Reason.EMPTY);
        }
        for (double[] point : pooled) {
            if (point.length != pooled[0].length) {
                return Optional.of(Reason.LENGTH_MISMATCH);
            }
            if (!Arrays.stream(point).allMatch(Double::isFinite)) {
                return Optional.of(Reason.NON_FINITE_INPUT);
            }
        }
        return Optional.empty();
    }

    public Optional<Reason> fault() {
        return fault;
    }

    /** References first, then current points. */
    int n() {
        return pooled.length;
    }

    int references() {
        return references;
    }

    double squaredDistance(int i, int j) {
        double[] a = pooled[i];
        double[] b = pooled[j];
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            double off = a[d] - b[d];
            sum += off * off;
        }
        return sum;
    }

    /** Energy statistic 2A − B − C of mean Euclidean distances between and within the clouds (V-statistic). */
    public Statistic energy() {
        return Statistic.unless(fault, n(), () -> {
            int m = references;
            double k = n() - m;
            double between = 0;
            double withinReference = 0;
            double withinCurrent = 0;
            for (int i = 0; i < n(); i++) {
                for (int j = i + 1; j < n(); j++) {
                    double distance = Math.sqrt(squaredDistance(i, j));
                    if (j < m) {
                        withinReference += distance;
                    } else if (i >= m) {
                        withinCurrent += distance;
                    } else {
                        between += distance;
                    }
                }
            }
            double value = 2 * between / (m * k) - 2 * withinReference / ((double) m * m) - 2 * withinCurrent / (k * k);
            return Statistic.of(value, n());
        });
    }
}
