package walnut.monitoring.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import walnut.monitoring.statistic.IntervalMethod;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Statistic;

class ClusterBootstrapTest {
    private static LabelledScores cases(int patients, int examsEach, long seed, List<Integer> patientOfCase) {
        Random random = new Random(seed);
        boolean[] labels = new boolean[patients * examsEach];
        double[] scores = new double[labels.length];
        for (int p = 0, i = 0; p < patients; p++) {
            boolean cancer = random.nextDouble() < 0.4;
            double own = random.nextGaussian() + (cancer ? 1.2 : 0);
            for (int e = 0; e < examsEach; e++, i++) {
                labels[i] = cancer;
                scores[i] = own + 0.1 * random.nextGaussian();
                patientOfCase.add(p);
            }
        }
        return LabelledScores.of(labels, scores);
    }

    @Test
    void same_seed_gives_the_same_interval_and_the_fast_path_the_same_as_the_general_one() {
        List<Integer> patient = new ArrayList<>();
        LabelledScores cases = cases(40, 2, 5, patient);
        ClusterBootstrap bootstrap = ClusterBootstrap.of(patient);
        Bootstrap fast = bootstrap.auroc(cases, 400, 77, 0.95);
        Bootstrap general = bootstrap.run(
                rows -> {
                    boolean[] labels = new boolean[rows.length];
                    double[] scores = new double[rows.length];
                    for (int i = 0; i < rows.length; i++) {
                        labels[i] = cases.label(rows[i]);
                        scores[i] = cases.score(rows[i]);
                    }
                    return Auroc.of(LabelledScores.of(labels, scores));
                },
                400,
                77,
                0.95);
        assertThat(bootstrap.patients()).isEqualTo(40);
        assertThat(fast.interval().orThrow().lower())
                .isCloseTo(general.interval().orThrow().lower(), within(1e-12));
        assertThat(fast.interval().orThrow().upper())
                .isCloseTo(general.interval().orThrow().upper(), within(1e-12));
        assertThat(fast.interval().orThrow().method()).isEqualTo(IntervalMethod.PATIENT_CLUSTER_BOOTSTRAP);
        assertThat(bootstrap.auroc(cases, 400, 77, 0.95)).isEqualTo(fast);
        assertThat(bootstrap.auroc(cases, 400, 78, 0.95)).isNotEqualTo(fast);
    }

    @Test
    void one_exam_per_patient_agrees_with_delong() {
        List<Integer> patient = new ArrayList<>();
        LabelledScores cases = cases(400, 1, 6, patient);
        double bootstrap = ClusterBootstrap.of(patient)
                .auroc(cases, 2000, 1, 0.95)
                .standardError()
                .orThrow();
        double delong = Math.sqrt(DeLong.of(cases, 0.95).variance().orThrow());
        assertThat(bootstrap).isCloseTo(delong, within(0.07 * delong));
    }

    @Test
    void repeated_exams_of_one_man_do_not_pass_for_independent_ones() {
        List<Integer> patient = new ArrayList<>();
        LabelledScores cases = cases(100, 5, 7, patient);
        double clustered = ClusterBootstrap.of(patient)
                .auroc(cases, 1000, 1, 0.95)
                .standardError()
                .orThrow();
        double naive = Math.sqrt(DeLong.of(cases, 0.95).variance().orThrow());
        assertThat(clustered).isGreaterThan(1.8 * naive);
    }

    @Test
    void replicates_with_one_class_are_counted_not_replaced() {
        LabelledScores cases = LabelledScores.of(new boolean[] {true, false, false}, new double[] {0.9, 0.2, 0.1});
        Bootstrap bootstrap = ClusterBootstrap.of(List.of("a", "b", "c")).auroc(cases, 500, 3, 0.95);
        assertThat(bootstrap.undefined()).isBetween(120, 220);
        assertThat(bootstrap.defined() + bootstrap.undefined()).isEqualTo(500);
        assertThat(ClusterBootstrap.of(List.of("a", "b"))
                        .auroc(cases, 10, 3, 0.95)
                        .standardError()
                        .isDefined())
                .isFalse();
    }

    @Test
    void the_whole_begg_greenes_correction_can_be_resampled() {
        // 0: T+ D+, 1: T+ D−, 2: T− D+, 3: T− D−, 4: T+ unverified, 5: T− unverified
        List<Integer> men = new ArrayList<>();
        int[] kinds = {40, 12, 5, 30, 10, 60};
        for (int kind = 0; kind < kinds.length; kind++) {
            men.addAll(Collections.nCopies(kinds[kind], kind));
        }
        List<Integer> patient = new ArrayList<>();
        for (int i = 0; i < men.size(); i++) {
            patient.add(i);
        }
        Bootstrap bootstrap = ClusterBootstrap.of(patient).run(rows -> corrected(men, rows), 800, 9, 0.95);
        double value =
                corrected(men, patient.stream().mapToInt(i -> i).toArray()).orThrow();
        assertThat(bootstrap.interval().orThrow().contains(value)).isTrue();
        assertThat(bootstrap.interval().orThrow().halfWidth()).isGreaterThan(0.08);
    }

    private static Statistic corrected(List<Integer> men, int[] rows) {
        long[] counts = new long[6];
        for (int row : rows) {
            counts[men.get(row)]++;
        }
        return VerificationBias.of(
                        new VerificationBias.Stratum(counts[0], counts[1], counts[4]),
                        new VerificationBias.Stratum(counts[2], counts[3], counts[5]))
                .sensitivityCorrected();
    }
}
