package walnut.monitoring.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import walnut.monitoring.statistic.Measurements;
import walnut.monitoring.statistic.Moments;

/** What must hold of agreement for any measurements. */
class AgreementPropertiesTest {
    private static final Offset<Double> TINY = within(1e-9);
    private static final int[] GRADES = {0, 1, 2, 3, 4, 5};

    /** Positive measurements of men × raters that agree more or less. */
    private static double[][] men(int n, int raters, long seed) {
        Random random = new Random(seed);
        double noise = 0.1 + random.nextDouble();
        double[][] rows = new double[n][raters];
        for (double[] row : rows) {
            double own = 10 + 2 * random.nextGaussian();
            Arrays.setAll(row, rater -> Math.max(1, own + 0.2 * rater + noise * random.nextGaussian()));
        }
        return rows;
    }

    private static double[] column(double[][] rows, int rater) {
        return Measurements.of(rows).repeat(rater);
    }

    private static double[][] reversed(double[][] rows) {
        double[][] other = new double[rows.length][];
        Arrays.setAll(other, i -> {
            double[] row = rows[rows.length - 1 - i];
            double[] turned = new double[row.length];
            Arrays.setAll(turned, j -> row[row.length - 1 - j]);
            return turned;
        });
        return other;
    }

    private static double[][] moved(double[][] rows, double scale, double shift) {
        return Arrays.stream(rows)
                .map(row -> Arrays.stream(row).map(x -> scale * x + shift).toArray())
                .toArray(double[][]::new);
    }

    private static double[] values(IntraclassCorrelation icc) {
        return new double[] {
            icc.oneWay().value().orThrow(),
            icc.twoWayRandom().value().orThrow(),
            icc.twoWayMixed().value().orThrow(),
            icc.oneWayMean().value().orThrow(),
            icc.twoWayRandomMean().value().orThrow(),
            icc.twoWayMixedMean().value().orThrow()
        };
    }

    private static IntraclassCorrelation icc(double[][] rows) {
        return IntraclassCorrelation.of(Measurements.of(rows), 0.95).orThrow();
    }

    @Property(tries = 100)
    void intraclass_correlation_ignores_order_of_men_and_raters_and_units(
            @ForAll @IntRange(min = 4, max = 40) int n,
            @ForAll @IntRange(min = 2, max = 4) int raters,
            @ForAll long seed) {
        double[][] rows = men(n, raters, seed);
        double[] original = values(icc(rows));
        for (double[][] other : new double[][][] {reversed(rows), moved(rows, 3.7, 0), moved(rows, -2, 500)}) {
            assertThat(values(icc(other))).containsExactly(original, within(1e-8));
        }
    }

    /** The same raters seeing level shifts: consistency does not mind them, absolute agreement does. */
    @Property(tries = 100)
    void a_rater_who_adds_a_constant_lowers_agreement_but_not_consistency(
            @ForAll @IntRange(min = 4, max = 40) int n, @ForAll long seed) {
        double[][] rows = men(n, 2, seed);
        double bias = Moments.mean(column(rows, 1)) - Moments.mean(column(rows, 0));
        double[][] shifted = Arrays.stream(rows)
                .map(row -> new double[] {row[0], row[1] - bias + 5})
                .toArray(double[][]::new);
        double[][] level = Arrays.stream(rows)
                .map(row -> new double[] {row[0], row[1] - bias})
                .toArray(double[][]::new);
        assertThat(icc(shifted).twoWayMixed().value().orThrow())
                .isCloseTo(icc(level).twoWayMixed().value().orThrow(), within(1e-8));
        if (icc(level).twoWayRandom().value().orThrow() > 0) {
            assertThat(icc(shifted).twoWayRandom().value().orThrow())
                    .isLessThan(icc(level).twoWayRandom().value().orThrow());
        }
        double[] x = column(rows, 0);
        assertThat(Math.abs(
                        LinConcordance.of(x, column(shifted, 1), 0.95).lin1989().orThrow()))
                .isLessThanOrEqualTo(Math.abs(
                        LinConcordance.of(x, column(level, 1), 0.95).lin1989().orThrow()));
    }

    /** Spearman–Brown: the mean of k raters is k·r/(1 + (k − 1)·r). */
    @Property(tries = 100)
    void mean_of_raters_follows_spearman_and_brown(
            @ForAll @IntRange(min = 4, max = 40) int n,
            @ForAll @IntRange(min = 2, max = 4) int raters,
            @ForAll long seed) {
        double[] all = values(icc(men(n, raters, seed)));
        for (int form = 0; form < 3; form++) {
            double single = all[form];
            if (Math.abs(1 + (raters - 1) * single) > 1e-3) {
                assertThat(all[form + 3])
                        .isCloseTo(
                                raters * single / (1 + (raters - 1) * single),
                                within(1e-6 * (1 + Math.abs(all[form + 3]))));
            }
            assertThat(single).isBetween(-1.0 / (raters - 1) - 1e-9, 1.0);
        }
    }

    @Property(tries = 100)
    void lins_concordance_is_symmetric_bounded_by_pearson_and_free_of_units(
            @ForAll @IntRange(min = 3, max = 60) int n, @ForAll long seed) {
        double[][] rows = men(n, 2, seed);
        double[] x = column(rows, 0);
        double[] y = column(rows, 1);
        LinConcordance lin = LinConcordance.of(x, y, 0.95);
        assertThat(LinConcordance.of(y, x, 0.95).lin1989().orThrow())
                .isCloseTo(lin.lin1989().orThrow(), TINY);
        assertThat(Math.abs(lin.lin1989().orThrow()))
                .isLessThanOrEqualTo(Math.abs(lin.pearson().orThrow()) + 1e-12);
        assertThat(lin.biasCorrection().orThrow()).isBetween(0.0, 1 + 1e-12);
        double[][] other = moved(reversed(rows), 2.5, -40);
        assertThat(LinConcordance.of(column(other, 0), column(other, 1), 0.95)
                        .lin1989()
                        .orThrow())
                .isCloseTo(lin.lin1989().orThrow(), within(1e-8));
        assertThat(LinConcordance.of(x, x, 0.95).lin1989().orThrow()).isCloseTo(1, TINY);
    }

    @Property(tries = 100)
    void bland_altman_turns_sign_with_the_methods_and_scales_with_the_units(
            @ForAll @IntRange(min = 3, max = 60) int n, @ForAll long seed) {
        double[][] rows = men(n, 2, seed);
        double[] x = column(rows, 0);
        double[] y = column(rows, 1);
        BlandAltman one = BlandAltman.of(x, y, 0.95);
        BlandAltman turned = BlandAltman.of(y, x, 0.95);
        assertThat(turned.bias().orThrow()).isCloseTo(-one.bias().orThrow(), TINY);
        assertThat(turned.lowerLimit().orThrow()).isCloseTo(-one.upperLimit().orThrow(), TINY);
        assertThat(turned.standardDeviation().orThrow())
                .isCloseTo(one.standardDeviation().orThrow(), TINY);
        assertThat(turned.slopeOnMean().orThrow()).isCloseTo(-one.slopeOnMean().orThrow(), TINY);
        double[][] other = moved(rows, 3, 100);
        BlandAltman scaled = BlandAltman.of(column(other, 0), column(other, 1), 0.95);
        assertThat(scaled.bias().orThrow()).isCloseTo(3 * one.bias().orThrow(), TINY);
        assertThat(scaled.upperLimit().orThrow()).isCloseTo(3 * one.upperLimit().orThrow(), TINY);
        assertThat(scaled.slopeOnMean().orThrow()).isCloseTo(one.slopeOnMean().orThrow(), within(1e-8));
    }

    /** Of two repeats wSD² is half the mean squared difference, and RC is 1.96·√2·wSD. */
    @Property(tries = 100)
    void repeatability_of_two_scans_comes_from_their_differences(
            @ForAll @IntRange(min = 3, max = 60) int n, @ForAll long seed) {
        double[][] rows = men(n, 2, seed);
        double squares = 0;
        for (double[] row : rows) {
            squares += (row[0] - row[1]) * (row[0] - row[1]);
        }
        Repeatability one = Repeatability.of(Measurements.of(rows), 0.95);
        double wsd = one.withinSubjectSd().orThrow();
        assertThat(wsd).isCloseTo(Math.sqrt(squares / n / 2), TINY);
        assertThat(one.repeatabilityCoefficient().orThrow()).isCloseTo(1.96 * Math.sqrt(2) * wsd, TINY);
        assertThat(wsd * wsd).isCloseTo(icc(rows).meanSquareWithin(), within(1e-8));
        Repeatability other = Repeatability.of(Measurements.of(moved(reversed(rows), 4, 0)), 0.95);
        assertThat(other.withinSubjectSd().orThrow()).isCloseTo(4 * wsd, within(1e-8));
        assertThat(other.coefficientOfVariation().orThrow())
                .isCloseTo(one.coefficientOfVariation().orThrow(), within(1e-8));
        assertThat(other.logCoefficientOfVariation().orThrow())
                .isCloseTo(one.logCoefficientOfVariation().orThrow(), within(1e-8));
    }

    @Property(tries = 100)
    void kappa_is_symmetric_and_does_not_mind_the_order_of_men_or_of_grades(
            @ForAll @IntRange(min = 6, max = 80) int n, @ForAll long seed) {
        Random random = new Random(seed);
        int[] truth = new int[n];
        int[] predicted = new int[n];
        for (int i = 0; i < n; i++) {
            truth[i] = i < 2 ? 5 * i : random.nextInt(6);
            predicted[i] = random.nextInt(3) == 0 ? random.nextInt(6) : truth[i];
        }
        OrdinalAgreement one = OrdinalAgreement.of(truth, predicted, GRADES, 0.95);
        OrdinalAgreement swapped = OrdinalAgreement.of(predicted, truth, GRADES, 0.95);
        OrdinalAgreement turned = OrdinalAgreement.of(upsideDown(truth), upsideDown(predicted), GRADES, 0.95);
        for (OrdinalAgreement other : new OrdinalAgreement[] {swapped, turned}) {
            assertThat(other.unweighted().value().orThrow())
                    .isCloseTo(one.unweighted().value().orThrow(), TINY);
            assertThat(other.linear().value().orThrow())
                    .isCloseTo(one.linear().value().orThrow(), TINY);
            assertThat(other.quadratic().value().orThrow())
                    .isCloseTo(one.quadratic().value().orThrow(), TINY);
            // Variances, not their roots: one that is 0 comes out as 0 ± 1e-16, and its root as 0 ± 1e-8.
            assertThat(Math.pow(other.quadratic().standardError().orThrow(), 2))
                    .isCloseTo(Math.pow(one.quadratic().standardError().orThrow(), 2), TINY);
            assertThat(other.spearman().orThrow()).isCloseTo(one.spearman().orThrow(), TINY);
            assertThat(other.kendallTauB().orThrow())
                    .isCloseTo(one.kendallTauB().orThrow(), TINY);
            assertThat(other.meanSignedError().orThrow())
                    .isCloseTo(-one.meanSignedError().orThrow(), TINY);
        }
        assertThat(one.quadratic().value().orThrow()).isBetween(-1.0, 1.0);
    }

    private static int[] upsideDown(int[] grades) {
        return Arrays.stream(grades).map(grade -> 5 - grade).toArray();
    }

    /** Fleiss & Cohen, Educ. Psychol. Meas. 33 (1973) 613: quadratic kappa is concordance with moments over n. */
    @Property(tries = 100)
    void quadratic_kappa_is_lins_concordance_of_the_grades(
            @ForAll @IntRange(min = 6, max = 80) int n, @ForAll long seed) {
        Random random = new Random(seed);
        int[] truth = new int[n];
        int[] predicted = new int[n];
        for (int i = 0; i < n; i++) {
            truth[i] = i < 2 ? 5 * i : random.nextInt(6);
            predicted[i] = random.nextInt(6);
        }
        double[] x = Arrays.stream(truth).asDoubleStream().toArray();
        double[] y = Arrays.stream(predicted).asDoubleStream().toArray();
        assertThat(OrdinalAgreement.of(truth, predicted, GRADES, 0.95)
                        .quadratic()
                        .value()
                        .orThrow())
                .isCloseTo(LinConcordance.of(x, y, 0.95).lin1989().orThrow(), TINY);
    }

    @Property(tries = 100)
    void flip_probability_is_mirrored_about_the_mean_and_free_of_units(
            @ForAll @IntRange(min = -200, max = 200) int at, @ForAll @IntRange(min = -100, max = 100) int limit) {
        double score = at / 100.0;
        double threshold = limit / 100.0;
        FlipProbability flip = new FlipProbability(0.3, 0.8, 0.5, 100);
        double p = flip.of(score, threshold).orThrow();
        FlipProbability scaled = new FlipProbability(0.3 * 8 + 2, 0.8, 0.5 * 8, 100);
        assertThat(p).isBetween(0.0, 1.0);
        assertThat(scaled.of(8 * score + 2, 8 * threshold + 2).orThrow()).isCloseTo(p, within(1e-9));
        if (score != threshold) {
            FlipProbability mirrored = new FlipProbability(-0.3, 0.8, 0.5, 100);
            assertThat(mirrored.of(-score, -threshold).orThrow()).isCloseTo(p, TINY);
            assertThat(FlipProbability.plain(score, threshold, 0.5).orThrow())
                    .isLessThan(0.5)
                    .isCloseTo(FlipProbability.plain(threshold, score, 0.5).orThrow(), TINY);
        }
        // Without any correlation the first score says nothing: every man flips as often as the average one.
        FlipProbability blind = new FlipProbability(0.3, 0, 0.5, 100);
        double below = blind.of(threshold, threshold).orThrow();
        assertThat(blind.of(score, threshold).orThrow()).isCloseTo(score >= threshold ? below : 1 - below, TINY);
    }
}
