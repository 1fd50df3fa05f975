package walnut.monitoring.calibration;

import java.util.Optional;

/**
 * Maximum likelihood of logit P(y = 1) = intercept + slope·x by Newton's method, for outcomes y in [0, 1] (fractions are
 * Platt's smoothed targets). Steps are halved while the likelihood falls. The caller has excluded separation.
 */
record LogisticFit(double intercept, double slope, double interceptVariance, double slopeVariance) {
    private static final int MAX_STEPS = 200;

    /** Empty when the iteration does not settle. */
    static Optional<LogisticFit> interceptAndSlope(double[] x, double[] y) {
        double a = 0;
        double b = 0;
        double likelihood = likelihood(x, y, a, b);
        for (int step = 0; step < MAX_STEPS; step++) {
            double gradientA = 0;
            double gradientB = 0;
            double haa = 0;
            double hab = 0;
            double hbb = 0;
            for (int i = 0; i < x.length; i++) {
                double p = expit(a + b * x[i]);
                double w = p * (1 - p);
                gradientA += y[i] - p;
                gradientB += (y[i] - p) * x[i];
                haa += w;
                hab += w * x[i];
                hbb += w * x[i] * x[i];
            }
            double determinant = haa * hbb - hab * hab;
            if (!(determinant > 0)) {
                return Optional.empty();
            }
            double da = (hbb * gradientA - hab * gradientB) / determinant;
            double db = (haa * gradientB - hab * gradientA) / determinant;
            if (Math.abs(da) <= 1e-10 * (1 + Math.abs(a)) && Math.abs(db) <= 1e-10 * (1 + Math.abs(b))) {
                return Optional.of(new LogisticFit(a + da, b + db, hbb / determinant, haa / determinant));
            }
            double share = 1;
            double next = likelihood(x, y, a + da, b + db);
            while (!(next >= likelihood - 1e-12 * Math.abs(likelihood)) && share > 1e-6) {
                share /= 2;
                next = likelihood(x, y, a + share * da, b + share * db);
            }
            a += share * da;
            b += share * db;
            likelihood = next;
        }
        return Optional.empty();
    }

    /** The intercept with the slope fixed at 1 (x is an offset). */
    static Optional<LogisticFit> interceptOnly(double[] offset, double[] y) {
        double a = 0;
        for (int step = 0; step < MAX_STEPS; step++) {
            double gradient = 0;
            double information = 0;
            for (int i = 0; i < offset.length; i++) {
                double p = expit(a + offset[i]);
                gradient += y[i] - p;
                information += p * (1 - p);
            }
            if (!(information > 0)) {
                return Optional.empty();
            }
            double da = Math.max(-4, Math.min(4, gradient / information));
            if (Math.abs(da) <= 1e-10 * (1 + Math.abs(a))) {
                return Optional.of(new LogisticFit(a + da, 1, 1 / information, 0));
            }
            a += da;
        }
        return Optional.empty();
    }

    private static double likelihood(double[] x, double[] y, double a, double b) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double eta = a + b * x[i];
            // y·eta − ln(1 + e^eta), without overflow.
            sum += y[i] * eta - Math.max(eta, 0) - StrictMath.log1p(StrictMath.exp(-Math.abs(eta)));
        }
        return sum;
    }

    static double expit(double eta) {
        return 1 / (1 + StrictMath.exp(-eta));
    }
}
