package walnut.monitoring.control;

import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;

/**
 * A site and a model as the charts see them: volume, prevalence of csPCa, what the model finds and what becomes known.
 *
 * @param suspiciousIfCancer share of cancers the model misses whose PI-RADS is 3 or more
 * @param suspiciousIfBenign the same share of men without cancer that the model clears
 */
public record SiteScenario(
        int examsPerYear,
        double prevalence,
        double sensitivity,
        double specificity,
        double suspiciousIfCancer,
        double suspiciousIfBenign,
        VerificationProcess verification) {
    private static final double DAYS_PER_YEAR = 365.25;

    private static final double LONGEST_DAYS = 100 * DAYS_PER_YEAR;

    /** Truths in the order in which they became known: the day, whether csPCa, whether the model had flagged the man. */
    public record KnownOutcomes(double[] day, boolean[] cancer, boolean[] flagged) {}

    /** The same site after its model's sensitivity or specificity has changed. */
    public SiteScenario with(double newSensitivity, double newSpecificity) {
        return new SiteScenario(
                examsPerYear,
                prevalence,
                newSensitivity,
                newSpecificity,
                suspiciousIfCancer,
                suspiciousIfBenign,
                verification);
    }

    /** What is wrong with the site, if anything: it has exams, and every share lies in [0, 1]. */
    public Optional<Reason> fault() {
        boolean shares = DoubleStream.of(
                        prevalence,
                        sensitivity,
                        specificity,
                        suspiciousIfCancer,
                        suspiciousIfBenign,
                        verification.flagged(),
                        verification.suspicious(),
                        verification.unsuspicious(),
                        verification.audit())
                .allMatch(share -> share >= 0 && share <= 1);
        return examsPerYear > 0 && shares ? Optional.empty() : Optional.of(Reason.INVALID_PARAMETER);
    }

    /** Among cancers that become known, the share the model had missed: what the chart sees, not 1 − sensitivity. */
    public Statistic missedAmongKnown() {
        double missed = (1 - sensitivity) * known(suspiciousIfCancer);
        return share(missed, missed + sensitivity * verification.flagged());
    }

    /** Among men known to be without cancer, the share the model had flagged. */
    public Statistic flaggedAmongKnownBenign() {
        double flagged = (1 - specificity) * verification.flagged();
        return share(flagged, flagged + specificity * known(suspiciousIfBenign));
    }

    private Statistic share(double part, double whole) {
        return Statistic.unless(fault(), examsPerYear, () -> Statistic.ratio(part, whole, examsPerYear));
    }

    /** Known cancers a year. */
    public Statistic knownCancersPerYear() {
        double known = sensitivity * verification.flagged() + (1 - sensitivity) * known(suspiciousIfCancer);
        return Statistic.unless(
                fault(), examsPerYear, () -> Statistic.of(examsPerYear * prevalence * known, examsPerYear));
    }

    private double known(double suspicious) {
        return suspicious * verification.probability(false, true)
                + (1 - suspicious) * verification.probability(false, false);
    }

    /**
     * Simulates {@code days} of exams, at most a century; from {@code changeDay} on they follow {@code after}. Known by the
     * last day only.
     */
    public Answer<KnownOutcomes> simulate(SiteScenario after, double changeDay, double days, RandomGenerator random) {
        Optional<Reason> fault = fault().or(after::fault);
        if (fault.isEmpty() && !(days > 0 && days <= LONGEST_DAYS && !Double.isNaN(changeDay))) {
            fault = Optional.of(Reason.INVALID_PARAMETER);
        }
        return Answer.unless(fault, () -> Answer.of(run(after, changeDay, days, random)));
    }

    /** The same, for a site and days known to be sound. */
    KnownOutcomes run(SiteScenario after, double changeDay, double days, RandomGenerator random) {
        int expected = (int) (examsPerYear * days / DAYS_PER_YEAR);
        // Sorted together: the day is kept in a long's high bits, both flags in its lowest.
        long[] events = new long[expected * 2 + 64];
        int count = 0;
        double day = 0;
        while (true) {
            day += -StrictMath.log(1 - random.nextDouble()) * DAYS_PER_YEAR / examsPerYear;
            if (day >= days) {
                break;
            }
            SiteScenario now = day < changeDay ? this : after;
            boolean cancer = random.nextDouble() < now.prevalence;
            boolean flagged = random.nextDouble() < (cancer ? now.sensitivity : 1 - now.specificity);
            boolean suspicious = random.nextDouble() < (cancer ? now.suspiciousIfCancer : now.suspiciousIfBenign);
            if (random.nextDouble() >= verification.probability(flagged, suspicious)) {
                continue;
            }
            double knownDay = day + verification.delayDays(random);
            if (knownDay < days) {
                if (count == events.length) {
                    events = Arrays.copyOf(events, 2 * count);
                }
                events[count++] = ((long) (knownDay * 1e6) << 2) | (cancer ? 2 : 0) | (flagged ? 1 : 0);
            }
        }
        Arrays.sort(events, 0, count);
        double[] known = new double[count];
        boolean[] cancers = new boolean[count];
        boolean[] flags = new boolean[count];
        for (int i = 0; i < count; i++) {
            known[i] = (events[i] >> 2) / 1e6;
            cancers[i] = (events[i] & 2) != 0;
            flags[i] = (events[i] & 1) != 0;
        }
        return new KnownOutcomes(known, cancers, flags);
    }
}
