package walnut.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A store's directory on the real disk, as a test looks at it from outside. */
public record DataDirectory(Path root) {
    /** Paths of all {@code .dcm} files, relative, with {@code /}, sorted. */
    public List<String> files() throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(path -> path.toString().endsWith(".dcm"))
                    .map(path -> root.relativize(path).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    public byte[] bytes(String file) throws IOException {
        return Files.readAllBytes(root.resolve(file));
    }
}
