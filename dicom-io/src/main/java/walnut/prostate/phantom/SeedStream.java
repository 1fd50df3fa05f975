package walnut.prostate.phantom;

/**
 * One independent stream of pseudo-random numbers, fixed by a seed and the stream's numbers.
 *
 * <p>Source: xoshiro256** 1.0 (Blackman and Vigna, ACM TOMS 47(4), 2021), its state filled by SplitMix64; normal
 * deviates by Marsaglia's polar method, gamma by Marsaglia and Tsang (ACM TOMS 26(3), 2000). Written out here because
 * {@code java.util.random} promises no algorithm across releases for its defaults.
 */
final class SeedStream {
    /** SplitMix64's increment: 2^64 over the golden ratio, odd. */
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long s0;
    private long s1;
    private long s2;
    private long s3;
    private double spareNormal;
    private boolean hasSpareNormal;

    SeedStream(long seed, long... stream) {
        long mixed = mix(seed + GOLDEN_GAMMA);
        for (long number : stream) {
            mixed = mix(mixed ^ mix(number + 0x632BE59BD9B4E019L)) + GOLDEN_GAMMA;
        }
        mixed += GOLDEN_GAMMA;
        s0 = mix(mixed);
        mixed += GOLDEN_GAMMA;
        s1 = mix(mixed);
        mixed += GOLDEN_GAMMA;
        s2 = mix(mixed);
        mixed += GOLDEN_GAMMA;
        s3 = mix(mixed);
    }

    /** The output function of SplitMix64. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    long nextLong() {
        long result = Long.rotateLeft(s1 * 5, 7) * 9;
        long t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = Long.rotateLeft(s3, 45);
        return result;
    }

    /** Uniform in [0, 1), 53 bits. */
    double uniform() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    double uniform(double low, double high) {
        return low + (high - low) * uniform();
    }

    boolean chance(double probability) {
        return uniform() < probability;
    }

    /** Plus or minus one. */
    double sign() {
        return nextLong() < 0 ? -1 : 1;
    }

    double normal() {
        if (hasSpareNormal) {
            hasSpareNormal = false;
            return spareNormal;
        }
        while (true) {
            double u = 2 * uniform() - 1;
            double v = 2 * uniform() - 1;
            double square = u * u + v * v;
            if (square > 0 && square < 1) {
                double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
                spareNormal = v * factor;
                hasSpareNormal = true;
                return u * factor;
            }
        }
    }

    double normal(double mean, double standardDeviation) {
        return mean + standardDeviation * normal();
    }

    /** A log-normal deviate given by its median and the standard deviation of its logarithm. */
    double logNormal(double median, double sigma) {
        return median * StrictMath.exp(sigma * normal());
    }

    int poisson(double mean) {
        double limit = StrictMath.exp(-mean);
        int count = 0;
        for (double product = uniform(); product > limit; product *= uniform()) {
            count++;
        }
        return count;
    }

    /** A beta deviate; both shapes at least 1. */
    double beta(double alpha, double beta) {
        double x = gamma(alpha);
        return x / (x + gamma(beta));
    }

    private double gamma(double shape) {
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = normal();
            double cube = 1 + c * x;
            if (cube > 0) {
                double v = cube * cube * cube;
                if (StrictMath.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
                    return d * v;
                }
            }
        }
    }

    /** An index drawn with the given weights. */
    int choice(double... weights) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double target = uniform() * total;
        for (int index = 0; index < weights.length - 1; index++) {
            target -= weights[index];
            if (target < 0) {
                return index;
            }
        }
        return weights.length - 1;
    }
}
