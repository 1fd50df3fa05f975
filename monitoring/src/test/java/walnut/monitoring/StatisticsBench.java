package walnut.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import walnut.monitoring.accuracy.ClusterBootstrap;
import walnut.monitoring.accuracy.DeLong;
import walnut.monitoring.calibration.CalibrationLine;
import walnut.monitoring.drift.MaximumMeanDiscrepancy;
import walnut.monitoring.drift.PointClouds;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.window.ScoreHistogram;
import walnut.monitoring.window.ScoreHistogram.LabelState;

/**
 * Times the statistics, and scikit-learn's AUROC beside them in the same run where {@code -Dwalnut.python} names an
 * interpreter that has it. Prints medians and ratios; asserts only that both compute the same. Profile {@code bench}.
 */
class StatisticsBench {
    private static final int REPEATS = 5;

    /** The same generator in both languages would be slow in one: each makes its own cases of the same kind. */
    private static LabelledScores cases(int n) {
        SplittableRandom random = new SplittableRandom(1);
        boolean[] labels = new boolean[n];
        double[] scores = new double[n];
        for (int i = 0; i < n; i++) {
            labels[i] = random.nextDouble() < 0.3;
            double raw = random.nextGaussian() + (labels[i] ? 1.4 : 0);
            scores[i] = 1 / (1 + StrictMath.exp(0.8 - raw));
        }
        return LabelledScores.of(labels, scores);
    }

    private static double medianSeconds(String what, Supplier<?> work) {
        double[] seconds = new double[REPEATS];
        work.get();
        heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            long start = System.nanoTime();
            work.get();
            seconds[repeat] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(seconds);
        long peak = heapPools().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        System.out.printf(Locale.ROOT, "%-58s %8.3f s   heap at most %d MB%n", what, seconds[REPEATS / 2], peak >> 20);
        return seconds[REPEATS / 2];
    }

    /** Their peaks need not fall together, so the sum is an upper limit. */
    private static Stream<MemoryPoolMXBean> heapPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP);
    }

    private static void printLoad(String when) {
        System.out.printf(
                Locale.ROOT,
                "load %s the run %.1f on %d processors%n",
                when,
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.getRuntime().availableProcessors());
    }

    @Test
    void prints_medians() throws IOException, InterruptedException {
        printLoad("before");
        for (int n : new int[] {1_000_000, 10_000_000}) {
            LabelledScores cases = cases(n);
            double ours = medianSeconds("AUROC + DeLong of " + n, () -> DeLong.of(cases, 0.95));
            double sklearn = scikitLearn(n);
            if (sklearn > 0) {
                System.out.printf(Locale.ROOT, "%-58s %8.3f s%n", "scikit-learn roc_auc_score of " + n, sklearn);
                System.out.printf(Locale.ROOT, "%-58s %8.1f%n", "  times faster", sklearn / ours);
            }
            medianSeconds("histogram fill of " + n, () -> filled(cases));
            double exact = DeLong.of(cases, 0.95).auroc().orThrow();
            double off = Math.abs(filled(cases).auroc().orThrow() - exact);
            System.out.printf(
                    Locale.ROOT,
                    "%-58s %8.1e (stated %.1e)%n",
                    "  AUROC error of the histogram",
                    off,
                    filled(cases).aurocError().orThrow());
            assertThat(off).isLessThanOrEqualTo(filled(cases).aurocError().orThrow());
            medianSeconds("calibration line of " + n, () -> CalibrationLine.of(cases, 1e-10, 0.95));
        }
        LabelledScores small = cases(10_000);
        ClusterBootstrap bootstrap = ClusterBootstrap.of(
                IntStream.range(0, 10_000).mapToObj(i -> i / 2).toList());
        medianSeconds("1,000 patient-cluster replicates, 10,000 exams", () -> bootstrap.auroc(small, 1000, 1, 0.95));
        PointClouds clouds = PointClouds.of(points(2000, 0), points(2000, 0.1));
        medianSeconds("unbiased MMD, 2,000 v 2,000 points of 64", () -> MaximumMeanDiscrepancy.of(clouds, 8)
                .unbiased());
        printLoad("after");
    }

    private static ScoreHistogram filled(LabelledScores cases) {
        ScoreHistogram histogram = new ScoreHistogram();
        for (int i = 0; i < cases.n(); i++) {
            histogram.add(cases.score(i), cases.label(i) ? LabelState.POSITIVE : LabelState.NEGATIVE);
        }
        return histogram;
    }

    private static double[][] points(int n, double shift) {
        SplittableRandom random = new SplittableRandom(7);
        double[][] points = new double[n][64];
        for (double[] point : points) {
            Arrays.setAll(point, d -> shift + random.nextGaussian());
        }
        return points;
    }

    /** Median seconds of roc_auc_score, or 0 where there is no scikit-learn. */
    private static double scikitLearn(int n) throws IOException, InterruptedException {
        String script = """
                import time, numpy as np
                from sklearn.metrics import roc_auc_score
                rng = np.random.default_rng(1)
                y = (rng.random(%d) < 0.3).astype(int)
                s = 1 / (1 + np.exp(0.8 - rng.normal(size=%d) - 1.4 * y))
                t = []
                for _ in range(3):
                    start = time.perf_counter(); roc_auc_score(y, s); t.append(time.perf_counter() - start)
                print(sorted(t)[1])
                """.formatted(n, n);
        try {
            Process process = new ProcessBuilder(System.getProperty("walnut.python", "python3"), "-c", script)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            return process.waitFor() == 0 ? Double.parseDouble(out) : 0;
        } catch (IOException absent) {
            return 0;
        }
    }
}
