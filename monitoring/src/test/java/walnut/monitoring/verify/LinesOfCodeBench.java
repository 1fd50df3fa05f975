package walnut.monitoring.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Prints how many lines of code each statistic takes: lines that are not blank, comment, package or import. "Own" are the
 * classes that its golden family calls; "with what they use" adds the classes that those use in turn, which several
 * statistics share. The package {@code statistic} (samples, answers, sorting) is counted once, below. Profile
 * {@code bench}.
 */
class LinesOfCodeBench {
    private static final Path SOURCES = Path.of("src/main/java/walnut/monitoring");
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|//[^\n]*");
    private static final Pattern TYPE = Pattern.compile("\\b[A-Z]\\w+\\b");
    private static final Pattern CALL = Pattern.compile("\\b([a-z]\\w+)\\(|::([a-z]\\w+)");
    private static final Pattern FAMILY = Pattern.compile("put\\(\\s*\"(\\w+)\",\\s*\\w+::(\\w+)\\)");

    /** The code of every class by its simple name, without comments, packages and imports. */
    private static Map<String, String> classesOf(String packages) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.getParent().getFileName().toString().matches(packages))
                    .filter(file -> !file.endsWith("package-info.java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""), LinesOfCodeBench::code));
        }
    }

    private static String code(Path file) {
        try {
            return COMMENT.matcher(Files.readString(file))
                    .replaceAll("")
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("package ") && !line.startsWith("import "))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long lines(Set<String> types, Map<String, String> classes) {
        return types.stream()
                .mapToLong(type -> classes.get(type).lines().count())
                .sum();
    }

    private static Set<String> typesIn(String code, Map<String, String> classes) {
        return TYPE.matcher(code)
                .results()
                .map(match -> match.group())
                .filter(classes::containsKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The method and those of the same class that it calls. */
    private static String bodies(String adapter, String method) {
        StringBuilder bodies = new StringBuilder();
        Deque<String> open = new ArrayDeque<>(Set.of(method));
        Set<String> seen = new TreeSet<>();
        while (!open.isEmpty()) {
            String name = open.pop();
            if (!seen.add(name)) {
                continue;
            }
            Arrays.stream(adapter.split("\n    }"))
                    .filter(part -> part.matches("(?s).*\n    (private )?static [^\n(]*\\b" + name + "\\(.*"))
                    .forEach(part -> {
                        bodies.append(part);
                        CALL.matcher(part)
                                .results()
                                .forEach(call -> open.push(call.group(1) == null ? call.group(2) : call.group(1)));
                    });
        }
        return bodies.toString();
    }

    private static Set<String> closure(Set<String> types, Map<String, String> classes) {
        Deque<String> open = new ArrayDeque<>(types);
        Set<String> all = new TreeSet<>();
        while (!open.isEmpty()) {
            String type = open.pop();
            if (all.add(type)) {
                open.addAll(typesIn(classes.get(type), classes));
            }
        }
        return all;
    }

    @Test
    void prints_lines_of_code_per_statistic() throws IOException {
        Map<String, String> classes = classesOf("accuracy|calibration|agreement|drift|fairness|control|lesion|window");
        Map<String, String> shared = classesOf("statistic");
        Map<String, String> adapters = classesOf("verify");
        Map<String, String> rows = new TreeMap<>();
        for (String adapter : adapters.values()) {
            FAMILY.matcher(adapter).results().forEach(family -> {
                String body = bodies(adapter, family.group(2));
                Set<String> own = typesIn(body, classes);
                Set<String> fromShared = typesIn(body, shared);
                fromShared.retainAll(Set.of("MultipleTesting", "Proportion", "Quantile", "Moments"));
                assertThat(own.size() + fromShared.size()).as(family.group(1)).isPositive();
                Set<String> names = new TreeSet<>(own);
                names.addAll(fromShared);
                rows.put(
                        family.group(1),
                        String.format(
                                Locale.ROOT,
                                "%-28s %5d %8d  %s",
                                family.group(1),
                                lines(own, classes) + lines(fromShared, shared),
                                lines(closure(own, classes), classes) + lines(fromShared, shared),
                                String.join(", ", names)));
            });
        }
        assertThat(rows.keySet()).isEqualTo(Families.BY_STATISTIC.keySet());
        System.out.println("lines of code per statistic: own, with what they use");
        rows.values().forEach(System.out::println);
        System.out.printf(
                "%d statistics in %d classes of %d lines; shared package statistic %d lines; adapters of golden files %d%n",
                rows.size(),
                classes.size(),
                lines(classes.keySet(), classes),
                lines(shared.keySet(), shared),
                lines(adapters.keySet(), adapters));
    }
}
