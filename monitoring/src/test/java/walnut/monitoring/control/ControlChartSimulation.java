package walnut.monitoring.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import walnut.monitoring.control.ChartDesign.Chart;

/**
 * Prints how long the charts need to see sensitivity fall from .92 to .82, by volume and by who is verified. Runs in the
 * profile {@code simulation} only; the table stands in docs/statistics.md.
 */
class ControlChartSimulation {
    private static final int RUNS = 400;
    private static final double BUDGET = 0.1;
    private static final long SEED = 20_261_122;

    private static final List<VerificationProcess> PROCESSES = List.of(
            new VerificationProcess("everyone", 1, 1, 1, 0),
            new VerificationProcess("usual: 95 % of flagged, 35 % of missed", 0.95, 0.8, 0.15, 0),
            new VerificationProcess("usual and 10 % random audit", 0.95, 0.8, 0.15, 0.1),
            new VerificationProcess("flagged men only (5 % of others)", 0.95, 0.05, 0.05, 0));

    @Test
    void prints_months_to_detection_and_false_alarms() {
        List<String> table = new ArrayList<>();
        table.add("| exams a year | verified | known cancers a year | misses seen, before → after "
                + "| months to detect (median): CUSUM | EWMA | either | seen within 2 years "
                + "| false alarms per 2 years, all charts | periods of 2 years with any |");
        table.add("|---|---|---|---|---|---|---|---|---|---|");
        for (int volume : new int[] {300, 1000, 3000}) {
            for (VerificationProcess process : PROCESSES) {
                table.add(row(volume, process));
            }
        }
        table.forEach(System.out::println);
        assertThat(table).hasSize(14);
    }

    private static String row(int volume, VerificationProcess process) {
        SiteScenario site = new SiteScenario(volume, 0.3, 0.92, 0.7, 4.0 / 13, 0.1, process);
        SiteScenario fallen = site.with(0.82, 0.7);
        ChartDesign design =
                ChartDesign.find(site, site.with(0.82, 0.6), BUDGET, RUNS, SEED).orThrow();
        ChartDesign.Detection cusum = design.detect(List.of(Chart.MISSED_CANCER_CUSUM), fallen, RUNS, SEED + 1)
                .orThrow();
        ChartDesign.Detection ewma = design.detect(List.of(Chart.MISSED_CANCER_EWMA), fallen, RUNS, SEED + 1)
                .orThrow();
        ChartDesign.Detection either = design.detect(
                        List.of(Chart.MISSED_CANCER_CUSUM, Chart.MISSED_CANCER_EWMA), fallen, RUNS, SEED + 1)
                .orThrow();
        return String.format(
                Locale.ROOT,
                "| %d | %s | %.0f | %.3f → %.3f | %s | %s | %s | %.0f %% | %.2f | %.1f %% |",
                volume,
                process.name(),
                site.knownCancersPerYear().orThrow(),
                site.missedAmongKnown().orThrow(),
                fallen.missedAmongKnown().orThrow(),
                cusum.months(),
                ewma.months(),
                either.months(),
                100 * either.shareWithinTwoYears(),
                design.falseAlarmsPerTwoYears(RUNS, SEED + 2).orThrow(),
                100 * design.periodsWithFalseAlarm(RUNS, SEED + 2).orThrow());
    }
}
