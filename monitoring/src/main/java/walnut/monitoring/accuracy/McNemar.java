package walnut.monitoring.accuracy;

import java.util.Optional;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * Compares the decisions of two models on the same cases by the cases where only one is right: McNemar, Psychometrika
 * 12 (1947) 153. b = only model 1 right, c = only model 2 right. Undefined when they never differ.
 */
public record McNemar(
        Statistic pExact, Statistic chiSquare, Statistic p, Statistic chiSquareCorrected, Statistic pCorrected) {

    public static McNemar of(long onlyFirstRight, long onlySecondRight) {
        long n = onlyFirstRight + onlySecondRight;
        Optional<Reason> fault = Optional.empty();
        if (onlyFirstRight < 0 || onlySecondRight < 0) {
            fault = Optional.of(Reason.OUT_OF_RANGE);
        } else if (n == 0) {
            fault = Optional.of(Reason.ZERO_DENOMINATOR);
        } else if (n > Integer.MAX_VALUE) {
            fault = Optional.of(Reason.OUT_OF_RANGE);
        }
        if (fault.isPresent()) {
            Statistic none = Statistic.undefined(fault.get(), n);
            return new McNemar(none, none, none, none, none);
        }
        double difference = Math.abs(onlyFirstRight - onlySecondRight);
        double plain = difference * difference / n;
        double corrected = (difference - 1) * (difference - 1) / n;
        ChiSquaredDistribution chi = ChiSquaredDistribution.of(1);
        int fewer = (int) Math.min(onlyFirstRight, onlySecondRight);
        double exact = Math.min(1, 2 * BinomialDistribution.of((int) n, 0.5).cumulativeProbability(fewer));
        return new McNemar(
                Statistic.of(exact, n),
                Statistic.of(plain, n),
                Statistic.of(chi.survivalProbability(plain), n),
                Statistic.of(corrected, n),
                Statistic.of(chi.survivalProbability(corrected), n));
    }
}
