package walnut.packaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** Whoever gets the jar gets its licence, and a line for every library that Maven put into it. */
class NoticeIT {

    private static final Path JAR = Path.of("target", "walnut.jar");

    @Test
    void names_every_library_in_the_jar() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            String notice = text(jar, "META-INF/walnut/NOTICE");
            List<String> groups = jar.stream()
                    .map(entry -> entry.getName().split("/"))
                    .filter(path -> path.length == 5 && path[1].equals("maven") && path[4].equals("pom.properties"))
                    .map(path -> path[2])
                    .filter(group -> !group.equals("org.walnut"))
                    .distinct()
                    .toList();
            assertThat(groups).hasSizeGreaterThan(10);
            assertThat(groups).allMatch(group -> notice.lines().anyMatch(line -> names(line, group)), "is in NOTICE");
        }
    }

    @Test
    void carries_the_licence() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(text(jar, "META-INF/walnut/LICENSE")).contains("Apache License", "Version 2.0, January 2004");
        }
    }

    /** A line names a group, or the family it belongs to: {@code com.fasterxml.jackson} for its {@code .core}. */
    private static boolean names(String line, String group) {
        return List.of(line.strip().split("[,\\s]+")).stream()
                .filter(word -> word.matches("[a-z0-9]+([.-][a-z0-9]+)+"))
                .anyMatch(word -> group.equals(word) || group.startsWith(word + "."));
    }

    private static String text(JarFile jar, String name) throws IOException {
        try (InputStream in = jar.getInputStream(jar.getJarEntry(name))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
