package walnut.monitoring.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import walnut.monitoring.control.ChartDesign.Chart;
import walnut.monitoring.statistic.Reason;

class ChartDesignTest {
    private static final VerificationProcess EVERYONE = new VerificationProcess("everyone", 1, 1, 1, 0);
    private static final VerificationProcess USUAL = new VerificationProcess("usual", 0.95, 0.8, 0.15, 0);
    private static final List<Chart> MISSED = List.of(Chart.MISSED_CANCER_CUSUM, Chart.MISSED_CANCER_EWMA);

    private static SiteScenario site(int examsPerYear, VerificationProcess verification) {
        return new SiteScenario(examsPerYear, 0.3, 0.92, 0.7, 4.0 / 13, 0.1, verification);
    }

    @Test
    void what_the_chart_sees_is_not_one_minus_sensitivity() {
        SiteScenario usual = site(1000, USUAL);
        // The corrections of monitoring.md: true misses .08 → .18 appear as .031 → .075.
        assertThat(usual.missedAmongKnown().orThrow()).isCloseTo(0.031, within(0.001));
        assertThat(usual.with(0.82, 0.7).missedAmongKnown().orThrow()).isCloseTo(0.075, within(0.001));
        assertThat(site(1000, EVERYONE).missedAmongKnown().orThrow()).isCloseTo(0.08, within(1e-12));
    }

    @Test
    void simulated_truths_arrive_in_order_with_the_stated_delay_and_shares() {
        SiteScenario usual = site(3000, USUAL);
        SiteScenario.KnownOutcomes known = usual.run(usual, 5000, 5000, new SplittableRandom(3));
        int cancers = 0;
        int missed = 0;
        for (int i = 0; i < known.day().length; i++) {
            assertThat(known.day()[i]).isGreaterThanOrEqualTo(i == 0 ? 0 : known.day()[i - 1]);
            cancers += known.cancer()[i] ? 1 : 0;
            missed += known.cancer()[i] && !known.flagged()[i] ? 1 : 0;
        }
        assertThat((double) missed / cancers).isCloseTo(usual.missedAmongKnown().orThrow(), within(0.005));
        assertThat(cancers / (5000 / 365.25))
                .isCloseTo(usual.knownCancersPerYear().orThrow(), within(30.0));
        double[] delays = new double[20_001];
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < delays.length; i++) {
            delays[i] = USUAL.delayDays(random);
        }
        Arrays.sort(delays);
        assertThat(delays[10_000]).isCloseTo(42, within(1.5));
        assertThat(delays[20_000]).isLessThanOrEqualTo(365);
    }

    @Test
    void limits_keep_the_false_alarm_budget_and_find_the_fall_where_it_can_be_found() {
        SiteScenario site = site(1000, EVERYONE);
        ChartDesign design =
                ChartDesign.find(site, site.with(0.82, 0.6), 0.1, 600, 21).orThrow();
        // 600 fresh runs: the share of periods with any false alarm is the budget's 10 % or less, within 3 standard
        // errors.
        assertThat(design.periodsWithFalseAlarm(600, 22).orThrow()).isBetween(0.03, 0.14);
        assertThat(design.falseAlarmsPerTwoYears(600, 22).orThrow()).isBetween(0.04, 0.16);
        ChartDesign.Detection detection =
                design.detect(MISSED, site.with(0.82, 0.7), 300, 23).orThrow();
        assertThat(detection.medianMonths().orElseThrow()).isBetween(2.0, 12.0);
        assertThat(detection.shareWithinTwoYears()).isGreaterThan(0.95);
        assertThat(design.detect(MISSED, site, 300, 24).orThrow().shareWithinTwoYears())
                .isLessThan(0.12);
    }

    @Test
    void a_small_site_that_verifies_few_is_told_that_it_cannot_see_the_fall() {
        SiteScenario site = site(300, new VerificationProcess("flagged men only", 0.95, 0.05, 0.05, 0));
        ChartDesign design =
                ChartDesign.find(site, site.with(0.82, 0.6), 0.1, 600, 31).orThrow();
        ChartDesign.Detection detection =
                design.detect(MISSED, site.with(0.82, 0.7), 400, 32).orThrow();
        assertThat(detection.medianMonths()).isEmpty();
        assertThat(detection.months()).isEqualTo("NOT_DETECTABLE_WITHIN_2_YEARS");
    }

    @Test
    void a_site_that_verifies_nobody_has_no_charts_and_no_endless_simulation() {
        SiteScenario blind = site(300, new VerificationProcess("nobody", 0, 0, 0, 0));
        assertThat(blind.missedAmongKnown().reason()).contains(Reason.ZERO_DENOMINATOR);
        assertThat(ChartDesign.find(blind, blind.with(0.82, 0.6), 0.1, 10, 1).reason())
                .contains(Reason.ZERO_DENOMINATOR);
        SiteScenario idle = site(0, EVERYONE);
        assertThat(idle.simulate(idle, 10, 10, new SplittableRandom(1)).reason())
                .contains(Reason.INVALID_PARAMETER);
    }
}
