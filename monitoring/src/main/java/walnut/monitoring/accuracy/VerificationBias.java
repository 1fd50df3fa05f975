package walnut.monitoring.accuracy;

import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Sensitivity and specificity when the truth (biopsy) is known only for some men, and who is verified depends on the
 * test result alone: Begg &amp; Greenes, Biometrics 39 (1983) 207. The same correction weights each verified man by
 * 1/P(verified | result).
 *
 * <p>Not identified when no man of a stratum that has men was verified: the usual state of MRI-negative men, and then
 * the naive sensitivity of 1 must not be shown as the sensitivity. If biopsy also depended on PI-RADS or PSA, the
 * stratum must hold them; this 2×2 form is then biased. Its interval comes from a bootstrap of the whole correction.
 */
public record VerificationBias(
        Statistic sensitivityNaive,
        Statistic specificityNaive,
        Statistic sensitivityCorrected,
        Statistic specificityCorrected,
        Statistic prevalenceCorrected,
        Statistic weightTestPositive,
        Statistic weightTestNegative) {

    /** Men of one test result: verified with disease, verified without, and not verified. */
    public record Stratum(long diseased, long healthy, long unverified) {
        long verified() {
            return diseased + healthy;
        }

        long all() {
            return verified() + unverified;
        }

        boolean isNegative() {
            return diseased < 0 || healthy < 0 || unverified < 0;
        }

        /** Expected number with disease, were all verified. */
        double expectedDiseased() {
            return verified() == 0 ? 0 : (double) diseased / verified() * all();
        }
    }

    public static VerificationBias of(Stratum testPositive, Stratum testNegative) {
        long n = testPositive.all() + testNegative.all();
        if (testPositive.isNegative() || testNegative.isNegative()) {
            Statistic none = Statistic.undefined(Reason.OUT_OF_RANGE, n);
            return new VerificationBias(none, none, none, none, none, none, none);
        }
        long verified = testPositive.verified() + testNegative.verified();
        Statistic naiveSensitivity = Statistic.ratio(
                testPositive.diseased(), (double) testPositive.diseased() + testNegative.diseased(), verified);
        Statistic naiveSpecificity = Statistic.ratio(
                testNegative.healthy(), (double) testPositive.healthy() + testNegative.healthy(), verified);
        Statistic weightPositive = weight(testPositive);
        Statistic weightNegative = weight(testNegative);
        if (n == 0) {
            Statistic none = Statistic.undefined(Reason.EMPTY, 0);
            return new VerificationBias(
                    naiveSensitivity, naiveSpecificity, none, none, none, weightPositive, weightNegative);
        }
        if (unidentified(testPositive) || unidentified(testNegative)) {
            Statistic none = Statistic.undefined(Reason.NOT_IDENTIFIED, n);
            return new VerificationBias(
                    naiveSensitivity, naiveSpecificity, none, none, none, weightPositive, weightNegative);
        }
        double diseasedPositive = testPositive.expectedDiseased();
        double diseasedNegative = testNegative.expectedDiseased();
        double healthyPositive = testPositive.all() - diseasedPositive;
        double healthyNegative = testNegative.all() - diseasedNegative;
        return new VerificationBias(
                naiveSensitivity,
                naiveSpecificity,
                Statistic.ratio(diseasedPositive, diseasedPositive + diseasedNegative, n),
                Statistic.ratio(healthyNegative, healthyPositive + healthyNegative, n),
                Statistic.ratio(diseasedPositive + diseasedNegative, n, n),
                weightPositive,
                weightNegative);
    }

    private static boolean unidentified(Stratum stratum) {
        return stratum.all() > 0 && stratum.verified() == 0;
    }

    private static Statistic weight(Stratum stratum) {
        return Statistic.ratio(stratum.all(), stratum.verified(), stratum.all());
    }
}
