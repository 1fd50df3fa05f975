package walnut.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import walnut.monitoring.statistic.Statistic;

/** Golden vectors show that examples come out right; that every family also keeps its invariances is asked for here. */
class EveryFamilyHasPropertiesTest {
    /** Runs golden files and has no statistics of its own. */
    private static final Set<String> WITHOUT_STATISTICS = Set.of("verify");

    private static Path root(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolve("walnut/monitoring");
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static List<String> classesIn(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> name.replace(".class", ""))
                    .toList();
        }
    }

    private static long properties(String name) {
        try {
            return Arrays.stream(Class.forName(name).getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Property.class))
                    .count();
        } catch (ClassNotFoundException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void every_package_of_statistics_has_property_tests() throws IOException {
        List<String> packages;
        try (Stream<Path> directories = Files.list(root(Statistic.class))) {
            packages = directories
                    .filter(Files::isDirectory)
                    .map(directory -> directory.getFileName().toString())
                    .filter(name -> !WITHOUT_STATISTICS.contains(name))
                    .toList();
        }
        assertThat(packages).contains("accuracy", "window");
        for (String family : packages) {
            long properties = 0;
            for (String type :
                    classesIn(root(EveryFamilyHasPropertiesTest.class).resolve(family))) {
                properties += properties("walnut.monitoring." + family + "." + type);
            }
            assertThat(properties).as("properties of " + family).isPositive();
        }
    }
}
