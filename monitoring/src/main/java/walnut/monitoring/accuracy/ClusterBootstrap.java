package walnut.monitoring.accuracy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.IntervalMethod;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Sorting;
import walnut.monitoring.statistic.Statistic;
import walnut.monitoring.statistic.Streams;

/**
 * Bootstrap that draws patients, not exams or lesions: all cases of a drawn patient come together, so that several exams
 * or lesions of one man do not pass for independent ones (Field &amp; Welsh, J. R. Stat. Soc. B 69 (2007) 369).
 *
 * <p>Replicate r draws from stream r of {@link Streams}. Undefined replicates are counted.
 */
public final class ClusterBootstrap {
    private final int[][] casesOfPatient;
    private final int cases;

    private ClusterBootstrap(int[][] casesOfPatient, int cases) {
        this.casesOfPatient = casesOfPatient;
        this.cases = cases;
    }

    /** {@code patient.get(i)} is the key of the patient of case i. */
    public static ClusterBootstrap of(List<?> patient) {
        Map<Object, List<Integer>> byPatient = new LinkedHashMap<>();
        for (int i = 0; i < patient.size(); i++) {
            byPatient.computeIfAbsent(patient.get(i), key -> new ArrayList<>()).add(i);
        }
        int[][] cases = byPatient.values().stream()
                .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
        return new ClusterBootstrap(cases, patient.size());
    }

    public int patients() {
        return casesOfPatient.length;
    }

    /** Bootstraps any statistic of the drawn cases (0-based positions, with repeats). */
    public Bootstrap run(Function<int[], Statistic> statistic, int replicates, long seed, double level) {
        double[] values = IntStream.range(0, replicates)
                .parallel()
                .mapToObj(replicate -> statistic.apply(draw(replicate, seed)))
                .filter(Statistic::isDefined)
                .mapToDouble(Statistic::orThrow)
                .toArray();
        return Bootstrap.ofReplicates(values, replicates, level, IntervalMethod.PATIENT_CLUSTER_BOOTSTRAP);
    }

    /** The AUROC with its interval; sorts once, so that each replicate is one pass over the cases. */
    public Bootstrap auroc(LabelledScores sample, int replicates, long seed, double level) {
        Optional<Reason> fault = sample.fault();
        if (fault.isEmpty() && sample.n() != cases) {
            fault = Optional.of(Reason.LENGTH_MISMATCH);
        }
        if (fault.isPresent()) {
            return new Bootstrap(
                    Answer.undefined(fault.get()), Statistic.undefined(fault.get(), sample.n()), 0, replicates);
        }
        int[] order = Sorting.order(sample.scores());
        double[] values = IntStream.range(0, replicates)
                .parallel()
                .mapToDouble(replicate -> resampledArea(sample, order, replicate, seed))
                .filter(area -> !Double.isNaN(area))
                .toArray();
        return Bootstrap.ofReplicates(values, replicates, level, IntervalMethod.PATIENT_CLUSTER_BOOTSTRAP);
    }

    /** NaN (within this class only) when the replicate has one class. */
    private double resampledArea(LabelledScores sample, int[] order, int replicate, long seed) {
        int[] times = new int[cases];
        SplittableRandom random = Streams.of(seed, replicate);
        for (int draw = 0; draw < casesOfPatient.length; draw++) {
            for (int i : casesOfPatient[random.nextInt(casesOfPatient.length)]) {
                times[i]++;
            }
        }
        long negatives = 0;
        long positives = 0;
        double pairs = 0;
        for (int start = 0, end; start < order.length; start = end) {
            long tiedPositives = 0;
            long tiedNegatives = 0;
            double score = sample.score(order[start]);
            for (end = start; end < order.length && sample.score(order[end]) == score; end++) {
                if (sample.label(order[end])) {
                    tiedPositives += times[order[end]];
                } else {
                    tiedNegatives += times[order[end]];
                }
            }
            pairs += tiedPositives * (negatives + tiedNegatives / 2.0);
            positives += tiedPositives;
            negatives += tiedNegatives;
        }
        return positives == 0 || negatives == 0 ? Double.NaN : pairs / ((double) positives * negatives);
    }

    private int[] draw(int replicate, long seed) {
        SplittableRandom random = Streams.of(seed, replicate);
        int[][] drawn = new int[casesOfPatient.length][];
        Arrays.setAll(drawn, i -> casesOfPatient[random.nextInt(casesOfPatient.length)]);
        return Arrays.stream(drawn).flatMapToInt(Arrays::stream).toArray();
    }
}
