package walnut.monitoring.statistic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import walnut.monitoring.accuracy.ClusterBootstrap;
import walnut.monitoring.accuracy.VerificationBias;
import walnut.monitoring.control.SiteScenario;
import walnut.monitoring.control.VerificationProcess;
import walnut.monitoring.drift.DistributionDistance;
import walnut.monitoring.drift.DriftThreshold;
import walnut.monitoring.drift.MaximumMeanDiscrepancy;
import walnut.monitoring.drift.PointClouds;
import walnut.monitoring.drift.TwoSamples;
import walnut.monitoring.lesion.CaseDetections;
import walnut.monitoring.lesion.Grid;
import walnut.monitoring.lesion.LesionDetection;
import walnut.monitoring.window.ScoreHistogram;

/**
 * Every public way into a statistic, found in the class files so that a new one cannot be forgotten, against every kind of
 * bad argument: NaN, infinities, no case and one, one class, ties only, zero weights, lists of different length, labels
 * outside {0, 1}, parameters out of their range. Whatever comes back is finite or undefined with a reason; nothing throws.
 * Where the sample carries a fault and everything else is sound, all of the result is undefined.
 */
class EveryStatisticOnBadInputTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    /** Arithmetic that statistics are made of: arguments have been checked before, as the Javadoc of each says. */
    private static final Set<String> ARITHMETIC = Set.of(
            "Moments",
            "Quantile",
            "Normal",
            "Sorting",
            "Streams",
            "Interval",
            "Answer",
            "Statistic",
            "Given",
            "Refused",
            "Defined",
            "Undefined",
            "Reason",
            "IntervalMethod");

    /** Samples carry their fault instead of refusing it; what reads single cases of them is no statistic. */
    private static final Set<String> SAMPLES =
            Set.of("LabelledScores", "Measurements", "TwoSamples", "PointClouds", "Grid", "ConnectedComponents");

    /** A threshold of a curve may be +∞, and the curve that repeats picai_eval has infinite false positives. */
    private static final Set<String> MAY_BE_INFINITE =
            Set.of("thresholds", "youdenThreshold", "falsePositivesPerCase", "picaiFroc");

    private static final Map<Class<?>, List<Object>> ARGUMENTS = new LinkedHashMap<>();

    static {
        // The first of each list is sound; the others are bad or degenerate.
        put(
                double[].class,
                new double[] {0.2, 0.7, 0.4, 0.9, 0.1},
                new double[0],
                new double[] {0.5},
                new double[] {0.3, 0.3, 0.3, 0.3, 0.3},
                new double[] {0, 0, 0, 0, 0},
                new double[] {0.2, NAN, 0.4, 0.9, 0.1},
                new double[] {0.2, 0.7, INFINITE, 0.9, 0.1},
                new double[] {0.2, 0.7, 0.4, -INFINITE, 0.1},
                new double[] {-1e308, 1e308, 1e308, -1e308, 1e308},
                new double[] {1e-320, 2e-320, 1e-320, 0, 1e-320},
                new double[] {0.2, 1.7, -0.4, 0.9, 0.1},
                new double[] {0.2, 0.7});
        put(
                double[][].class,
                new double[][] {{1, 2}, {3, 3.5}, {2, 4}, {5, 4.5}},
                new double[0][],
                new double[][] {{}, {}},
                new double[][] {{1, 2}},
                new double[][] {{1}, {2}, {3}},
                new double[][] {{1, 1}, {1, 1}, {1, 1}},
                new double[][] {{1, NAN}, {2, 3}, {4, 5}},
                new double[][] {{1, 2}, {2, INFINITE}, {4, 5}},
                new double[][] {{1, 2}, {2}, {4, 5}},
                new double[][] {{1e308, -1e308}, {-1e308, 1e308}, {1e308, 1e308}});
        put(
                int[].class,
                new int[] {0, 1, 0, 1, 0},
                new int[0],
                new int[] {1},
                new int[] {1, 1, 1, 1, 1},
                new int[] {0, 1, 2, 1, 0},
                new int[] {0, -1, 0, 1, 0},
                new int[] {Integer.MIN_VALUE, 1, 0, 1, Integer.MAX_VALUE},
                new int[] {0, 1});
        put(
                long[].class,
                new long[] {3, 5, 2, 4, 6},
                new long[0],
                new long[] {1},
                new long[] {0, 0, 0, 0, 0},
                new long[] {3, -5, 2, 4, 6},
                new long[] {Long.MAX_VALUE, 5, 2, 4, 6},
                new long[] {1, 2});
        put(
                long[][].class,
                new long[][] {{3, 5}, {6, 4}},
                new long[0][],
                new long[][] {{}, {}},
                new long[][] {{0, 0}, {0, 0}},
                new long[][] {{1, 2}, {3}},
                new long[][] {{1, -2}, {3, 4}});
        put(
                boolean[].class,
                new boolean[] {true, false, true, false, false},
                new boolean[0],
                new boolean[] {true},
                new boolean[] {true, true, true, true, true},
                new boolean[] {false, false});
        put(double.class, 0.5, NAN, INFINITE, -INFINITE, 0.0, 1.0, -0.3, 1.5, 1e308);
        put(int.class, 2, 0, -1, 1, 5);
        put(long.class, 7L, 0L, -3L, 1L, 2_000_000_000L);
        put(boolean.class, false, true);
        put(String.class, "a", "", "nobody");
        List<Object> samples = new ArrayList<>();
        samples.add(LabelledScores.of(new int[] {0, 1, 0, 1, 0}, new double[] {0.2, 0.7, 0.4, 0.3, 0.1}));
        for (Object labels : arguments(int[].class)) {
            for (Object scores : arguments(double[].class)) {
                samples.add(LabelledScores.of((int[]) labels, (double[]) scores));
            }
        }
        for (double[] weights : new double[][] {
            {1, 2, 1, 0.5, 3}, {0, 0, 0, 0, 0}, {1, 0, 1, 0, 1}, {1, NAN, 1, 1, 1}, {1, -1, 1, 1, 1}, {1}
        }) {
            samples.add(LabelledScores.weighted(
                    new double[] {0, 1, 0, 1, 0}, new double[] {0.2, 0.7, 0.4, 0.3, 0.1}, weights));
        }
        ARGUMENTS.put(LabelledScores.class, samples);
        List<Object> pairs = new ArrayList<>();
        List<Object> clouds = new ArrayList<>();
        List<Object> matrices = new ArrayList<>();
        for (Object a : arguments(double[].class)) {
            for (Object b : arguments(double[].class)) {
                pairs.add(TwoSamples.of((double[]) a, (double[]) b));
            }
        }
        pairs.add(TwoSamples.weighted(new double[] {1, 2}, new double[] {0, 0}, new double[] {1}, new double[] {1}));
        pairs.add(TwoSamples.weighted(new double[] {1, 2}, new double[] {1}, new double[] {1}, new double[] {1}));
        for (Object a : arguments(double[][].class)) {
            matrices.add(Measurements.of((double[][]) a));
            for (Object b : arguments(double[][].class)) {
                clouds.add(PointClouds.of((double[][]) a, (double[][]) b));
            }
        }
        ARGUMENTS.put(TwoSamples.class, pairs);
        ARGUMENTS.put(PointClouds.class, clouds);
        ARGUMENTS.put(Measurements.class, matrices);
        put(Grid.class, new Grid(1, 1, 5), new Grid(1, 1, 1), new Grid(2, 2, 2));
        put(RandomGenerator.class, Streams.of(1, 0));
        put(IntPredicate.class, (IntPredicate) i -> i % 2 == 0);
        Function<Object, Statistic> ofSamples = samples2 -> DistributionDistance.wasserstein1((TwoSamples) samples2);
        Function<Object, Statistic> ofRows = rows -> Statistic.undefined(Reason.TOO_FEW, 0);
        put(Function.class, ofRows, ofSamples);
        CaseDetections sound = new CaseDetections("a", List.of(new CaseDetections.Detection(true, 0.5, 0.4)), 0.5);
        CaseDetections bad = new CaseDetections("b", List.of(new CaseDetections.Detection(true, NAN, 0.4)), NAN);
        CaseDetections negative = new CaseDetections("c", List.of(new CaseDetections.Detection(false, -1, 0)), -1);
        put(
                List.class,
                List.of(sound, new CaseDetections("d", List.of(), 0)),
                List.of(),
                List.of(bad),
                List.of(negative, sound),
                List.of("a", "b", "a", "a", "b"),
                List.of(new int[] {0, 1, 0, 1, 0}, new int[] {1, 1, 1, 1, 1}),
                List.of(
                        new LesionDetection.Weighted(sound, NAN, new double[] {1}),
                        new LesionDetection.Weighted(sound, 1, new double[0])));
        put(Proportion.class, new Proportion(3, 7), new Proportion(0, 0), new Proportion(5, 5), new Proportion(0, 2));
        put(
                VerificationBias.Stratum.class,
                new VerificationBias.Stratum(5, 3, 2),
                new VerificationBias.Stratum(0, 0, 0),
                new VerificationBias.Stratum(0, 0, 9),
                new VerificationBias.Stratum(-1, 4, 2),
                new VerificationBias.Stratum(Long.MAX_VALUE, 4, 2));
        put(
                VerificationProcess.class,
                new VerificationProcess("usual", 0.95, 0.8, 0.15, 0),
                new VerificationProcess("nobody", 0, 0, 0, 0),
                new VerificationProcess("nonsense", NAN, 2, -1, 0));
        List<Object> sites = new ArrayList<>();
        for (Object process : arguments(VerificationProcess.class)) {
            sites.add(new SiteScenario(60, 0.3, 0.92, 0.7, 0.3, 0.1, (VerificationProcess) process));
        }
        sites.add(0, new SiteScenario(60, 0.3, 0.92, 0.7, 0.3, 0.1, new VerificationProcess("usual", 1, 1, 1, 0)));
        sites.add(new SiteScenario(0, 0.3, 0.92, 0.7, 0.3, 0.1, new VerificationProcess("usual", 1, 1, 1, 0)));
        sites.add(new SiteScenario(60, NAN, 0.92, 0.7, 0.3, 0.1, new VerificationProcess("usual", 1, 1, 1, 0)));
        sites.add(new SiteScenario(60, 0.3, 1, 1, 0.3, 0.1, new VerificationProcess("usual", 1, 1, 1, 0)));
        ARGUMENTS.put(SiteScenario.class, sites);
        ScoreHistogram filled = new ScoreHistogram();
        ScoreHistogram robbed = new ScoreHistogram();
        for (int i = 0; i < 30; i++) {
            filled.add(i / 30.0, ScoreHistogram.LabelState.values()[i % 3]);
            robbed.remove(i / 30.0, ScoreHistogram.LabelState.values()[i % 2]);
        }
        put(
                ClusterBootstrap.class,
                ClusterBootstrap.of(List.of("a", "b", "a", "a", "b")),
                ClusterBootstrap.of(List.of()),
                ClusterBootstrap.of(List.of("a")));
        List<Object> kernels = new ArrayList<>();
        for (Object pair : clouds) {
            kernels.add(MaximumMeanDiscrepancy.ofMedianDistance((PointClouds) pair));
        }
        ARGUMENTS.put(MaximumMeanDiscrepancy.class, kernels);
        put(ScoreHistogram.class, filled, new ScoreHistogram(), robbed);
    }

    private static void put(Class<?> type, Object... values) {
        ARGUMENTS.put(type, Arrays.asList(values));
    }

    private static List<Object> arguments(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.asList(type.getEnumConstants());
        }
        List<Object> known = ARGUMENTS.get(type);
        return known == null ? List.of() : known;
    }

    @TestFactory
    Stream<DynamicTest> every_public_statistic() throws Exception {
        List<DynamicTest> tests = new ArrayList<>();
        for (Class<?> type : statistics()) {
            for (Method method : entries(type)) {
                tests.add(DynamicTest.dynamicTest(
                        type.getSimpleName() + "." + method.getName() + Arrays.toString(method.getParameterTypes()),
                        () -> exercise(method)));
            }
        }
        return tests.stream();
    }

    /** Guards the search itself: were the classes not found, nothing would be tested. */
    @Test
    void the_search_finds_the_statistics() throws Exception {
        Set<String> names = new TreeSet<>();
        for (Class<?> type : statistics()) {
            if (!entries(type).isEmpty()) {
                names.add(type.getSimpleName());
            }
        }
        assertThat(names)
                .contains("Auroc", "DeLong", "Confusion", "CalibrationLine", "FlipProbability", "ChartDesign", "PChart")
                .contains("MaximumMeanDiscrepancy", "DriftThreshold", "SubgroupFairness", "ScoreHistogram")
                .hasSizeGreaterThan(40);
    }

    private static List<Class<?>> statistics() throws IOException, URISyntaxException {
        Path classes = Path.of(Statistic.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<Class<?>> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                    .sorted()
                    .toList()) {
                String name = classes.relativize(file)
                        .toString()
                        .replace(file.getFileSystem().getSeparator(), ".")
                        .replaceAll("\\.class$", "");
                if (name.contains("package-info") || name.contains(".verify.")) {
                    continue;
                }
                Class<?> type = load(name);
                if (isPublic(type) && !ARITHMETIC.contains(type.getSimpleName())) {
                    found.add(type);
                }
            }
        }
        return found;
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name, e);
        }
    }

    private static boolean isPublic(@Nullable Class<?> type) {
        return type == null || (Modifier.isPublic(type.getModifiers()) && isPublic(type.getEnclosingClass()));
    }

    /** Public static methods, and public methods of classes whose instances the table holds. */
    private static List<Method> entries(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> !type.isEnum())
                .filter(method -> Modifier.isStatic(method.getModifiers())
                        ? !SAMPLES.contains(type.getSimpleName())
                        : isHeld(type) && !SAMPLES.contains(type.getSimpleName()))
                .filter(method -> !Set.of("equals", "hashCode", "toString").contains(method.getName()))
                .filter(method -> method.getParameterCount() > 0
                        || !type.isRecord()
                        || Arrays.stream(type.getRecordComponents())
                                .noneMatch(component -> component.getName().equals(method.getName())))
                .toList();
    }

    private static boolean isHeld(Class<?> type) {
        return ARGUMENTS.containsKey(type);
    }

    private static void exercise(Method method) throws IllegalAccessException {
        List<List<Object>> axes = new ArrayList<>();
        if (!Modifier.isStatic(method.getModifiers())) {
            axes.add(arguments(method.getDeclaringClass()));
        }
        for (Class<?> type : method.getParameterTypes()) {
            assertThat(arguments(type))
                    .as("bad arguments of type " + type + " for " + method)
                    .isNotEmpty();
            axes.add(arguments(type));
        }
        // Every value of every axis beside sound ones, and all pairs of axes: three bad arguments at once add nothing.
        for (int first = 0; first < Math.max(1, axes.size()); first++) {
            for (int second = first; second < Math.max(1, axes.size()); second++) {
                for (int i = 0; i < size(axes, first); i++) {
                    for (int k = 0; k < (first == second ? 1 : size(axes, second)); k++) {
                        Object[] chosen = new Object[axes.size()];
                        for (int axis = 0; axis < chosen.length; axis++) {
                            chosen[axis] = axes.get(axis).get(axis == first ? i : axis == second ? k : 0);
                        }
                        call(method, chosen);
                    }
                }
            }
        }
    }

    private static int size(List<List<Object>> axes, int axis) {
        return axes.isEmpty() ? 1 : axes.get(axis).size();
    }

    private static void call(Method method, Object[] chosen) throws IllegalAccessException {
        boolean isStatic = Modifier.isStatic(method.getModifiers());
        Object target = isStatic ? null : chosen[0];
        Object[] arguments = isStatic ? chosen : Arrays.copyOfRange(chosen, 1, chosen.length);
        String what = method.getDeclaringClass().getSimpleName() + "." + method.getName() + describe(chosen);
        try {
            Object result = method.invoke(target, arguments);
            inspect(result, what, method.getName(), 0);
            Optional<Reason> fault = faultAmong(chosen);
            if (fault.isPresent() && soundBesideFault(chosen)) {
                assertThat(defined(result, 0))
                        .as(what + " of a sample with " + fault.get())
                        .isFalse();
            }
        } catch (InvocationTargetException e) {
            if (!isMisuse(e.getCause())) {
                throw new AssertionError(what + " threw " + e.getCause(), e.getCause());
            }
        }
    }

    /** The list of one method's element type given to another: a mistake that the compiler prevents. */
    private static boolean isMisuse(Throwable cause) {
        return cause instanceof ClassCastException;
    }

    private static Optional<Reason> faultAmong(Object[] arguments) {
        long samples = Arrays.stream(arguments)
                .filter(argument -> argument instanceof LabelledScores)
                .count();
        if (samples > 1) {
            // A comparison may still give the figures of the sound one.
            return Optional.empty();
        }
        for (Object argument : arguments) {
            Optional<Reason> fault = Optional.empty();
            if (argument instanceof LabelledScores sample) {
                fault = sample.fault();
            } else if (argument instanceof TwoSamples sample) {
                fault = sample.fault();
            } else if (argument instanceof PointClouds sample) {
                fault = sample.fault();
            } else if (argument instanceof Measurements sample) {
                fault = sample.fault();
            }
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private static boolean soundBesideFault(Object[] arguments) {
        return Arrays.stream(arguments)
                .allMatch(argument -> ARGUMENTS.values().stream().anyMatch(list -> list.get(0) == argument)
                        || argument instanceof LabelledScores
                        || argument instanceof TwoSamples
                        || argument instanceof PointClouds
                        || argument instanceof Measurements
                        || argument instanceof Enum<?>);
    }

    /** Whether any statistic within the result has a value. */
    private static boolean defined(@Nullable Object value, int depth) {
        if (value == null || depth > 6) {
            return false;
        }
        if (value instanceof Statistic statistic) {
            return statistic.isDefined();
        }
        if (value instanceof Answer<?> answer) {
            return answer.result().isPresent();
        }
        if (value instanceof Map<?, ?> map) {
            return map.values().stream().anyMatch(one -> defined(one, depth + 1));
        }
        if (value instanceof Record record) {
            return Arrays.stream(record.getClass().getRecordComponents())
                    .anyMatch(component -> defined(read(record, component.getAccessor()), depth + 1));
        }
        return false;
    }

    /** Every number in the result is finite, however deep, also those that its own methods compute. */
    private static void inspect(@Nullable Object value, String what, String name, int depth) {
        if (value == null || depth > 6 || name.equals("threshold") || isInput(value)) {
            return;
        }
        if (value instanceof Double number) {
            if (MAY_BE_INFINITE.contains(name) || what.contains("picaiFroc")) {
                assertThat(number).as(what + " → " + name).isNotNaN();
            } else {
                assertThat(number).as(what + " → " + name).isFinite();
            }
        } else if (value instanceof OptionalDouble number) {
            number.ifPresent(present -> inspect(present, what, name, depth + 1));
        } else if (value instanceof Statistic statistic) {
            statistic.value().ifPresent(present -> inspect(present, what, name, depth + 1));
            statistic.interval().ifPresent(interval -> inspect(interval, what, name, depth + 1));
            assertThat(statistic.value().isPresent())
                    .isNotEqualTo(statistic.reason().isPresent());
        } else if (value instanceof Answer<?> answer) {
            answer.result().ifPresent(present -> inspect(present, what, name, depth + 1));
        } else if (value instanceof Optional<?> optional) {
            optional.ifPresent(present -> inspect(present, what, name, depth + 1));
        } else if (value.getClass().isArray()) {
            for (int i = 0; i < Math.min(64, Array.getLength(value)); i++) {
                inspect(Array.get(value, i), what, name, depth + 1);
            }
        } else if (value instanceof Collection<?> collection) {
            collection.stream().limit(64).forEach(element -> inspect(element, what, name, depth + 1));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(element -> inspect(element, what, name, depth + 1));
        } else if (value.getClass().getName().startsWith("walnut.") && !(value instanceof Enum<?>)) {
            inspectParts(value, what, depth);
        }
    }

    /** What was put in and is handed back: its numbers are the caller's. */
    private static boolean isInput(Object value) {
        return value instanceof SiteScenario || value instanceof VerificationProcess || value instanceof DriftThreshold;
    }

    private static void inspectParts(Object value, String what, int depth) {
        if (value instanceof Record record) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                inspect(read(record, component.getAccessor()), what, component.getName(), depth + 1);
            }
        }
        if (SAMPLES.contains(value.getClass().getSimpleName())
                || value instanceof ScoreHistogram
                || value instanceof SiteScenario
                || value instanceof VerificationProcess
                || !Modifier.isPublic(value.getClass().getModifiers())) {
            return;
        }
        for (Method method : value.getClass().getDeclaredMethods()) {
            if (!Modifier.isPublic(method.getModifiers())
                    || Modifier.isStatic(method.getModifiers())
                    || method.isSynthetic()
                    || Set.of("equals", "hashCode", "toString").contains(method.getName())
                    || !Arrays.stream(method.getParameterTypes()).allMatch(EveryStatisticOnBadInputTest::isPlain)) {
                continue;
            }
            for (Object argument :
                    method.getParameterCount() == 0 ? List.of(0) : arguments(method.getParameterTypes()[0])) {
                Object[] arguments = new Object[method.getParameterCount()];
                for (int i = 0; i < arguments.length; i++) {
                    arguments[i] = i == 0
                            ? argument
                            : arguments(method.getParameterTypes()[i]).get(0);
                }
                try {
                    inspect(method.invoke(value, arguments), what, method.getName(), depth + 2);
                } catch (InvocationTargetException e) {
                    throw new AssertionError(
                            what + "." + method.getName() + describe(arguments) + " threw " + e.getCause(),
                            e.getCause());
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static boolean isPlain(Class<?> type) {
        return type == double.class || type == int.class || type == long.class || type == double[].class;
    }

    private static @Nullable Object read(Object value, Method accessor) {
        try {
            return accessor.invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String describe(Object[] arguments) {
        List<String> words = new ArrayList<>();
        for (Object argument : arguments) {
            words.add(describe(argument));
        }
        return words.toString();
    }

    private static String describe(Object argument) {
        if (argument instanceof LabelledScores sample) {
            return "cases" + Arrays.toString(sample.labels()) + Arrays.toString(sample.scores()) + sample.fault();
        }
        String text = Arrays.deepToString(new Object[] {argument});
        return text.substring(1, Math.min(text.length() - 1, 120));
    }
}
