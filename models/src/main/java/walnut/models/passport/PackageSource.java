package walnut.models.passport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The files of a package where they lie: a directory, or a zip that is never unpacked blindly. Names are checked before
 * anything is opened; how much is read is for the reader to bound, since declared sizes may lie.
 */
sealed interface PackageSource {

    /** Paths of all files, forward slashes; what may not stand in a package is named in {@code problems} instead. */
    Set<String> paths(List<PackageProblem> problems) throws IOException;

    /** A stream of the file's bytes; the caller closes it. */
    InputStream open(String path) throws IOException;

    static PackageSource of(Path directoryOrZip) {
        return Files.isDirectory(directoryOrZip) ? new Directory(directoryOrZip) : new Zip(directoryOrZip);
    }

    /** More files than this are a mistake or an attack. */
    int MAXIMUM_FILES = 1000;

    /** As in the schema: no dot segments, no absolute paths, no drive letters, no backslashes, no hidden files. */
    Pattern PATH = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*");

    private static boolean acceptable(String path, List<PackageProblem> problems) {
        if (PATH.matcher(path).matches() && path.length() <= 200) {
            return true;
        }
        problems.add(PackageProblem.invalid("The package holds the path '" + printable(path)
                + "', which may climb out or hide; use relative paths of letters, digits, '.', '_' and '-'."));
        return false;
    }

    private static String printable(String path) {
        String clean = path.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() <= 80 ? clean : clean.substring(0, 80) + "…";
    }

    record Directory(Path root) implements PackageSource {
        @Override
        public Set<String> paths(List<PackageProblem> problems) throws IOException {
            Set<String> paths = new TreeSet<>();
            List<Path> found = new ArrayList<>();
            try (Stream<Path> walk = Files.walk(root, 16, new FileVisitOption[0])) {
                walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                        .limit(MAXIMUM_FILES + 1L)
                        .forEach(found::add);
            }
            if (found.size() > MAXIMUM_FILES) {
                problems.add(PackageProblem.invalid(
                        "The package holds more than " + MAXIMUM_FILES + " files; keep what the passport lists."));
                return paths;
            }
            for (Path path : found) {
                String relative = root.relativize(path).toString().replace('\\', '/');
                if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    problems.add(PackageProblem.invalid(
                            "The package holds '" + printable(relative) + "', which is a link; put the file itself."));
                } else if (acceptable(relative, problems)) {
                    paths.add(relative);
                }
            }
            return paths;
        }

        @Override
        public InputStream open(String path) throws IOException {
            return Files.newInputStream(root.resolve(path), LinkOption.NOFOLLOW_LINKS);
        }
    }

    record Zip(Path file) implements PackageSource {
        @Override
        public Set<String> paths(List<PackageProblem> problems) throws IOException {
            Set<String> paths = new TreeSet<>();
            Set<String> seen = new HashSet<>();
            try (ZipFile zip = new ZipFile(file.toFile())) {
                if (zip.size() > MAXIMUM_FILES) {
                    problems.add(PackageProblem.invalid(
                            "The package holds more than " + MAXIMUM_FILES + " files; keep what the passport lists."));
                    return paths;
                }
                for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                    ZipEntry entry = entries.nextElement();
                    String name = entry.isDirectory()
                            ? entry.getName().substring(0, entry.getName().length() - 1)
                            : entry.getName();
                    if (!seen.add(entry.getName())) {
                        problems.add(PackageProblem.invalid(
                                "The package holds '" + printable(name) + "' twice; keep one of them."));
                    } else if (acceptable(name, problems) && !entry.isDirectory()) {
                        paths.add(name);
                    }
                }
            }
            return paths;
        }

        @Override
        public InputStream open(String path) throws IOException {
            ZipFile zip = new ZipFile(file.toFile());
            try {
                ZipEntry entry = zip.getEntry(path);
                if (entry == null) {
                    throw new java.io.FileNotFoundException(path);
                }
                InputStream stream = zip.getInputStream(entry);
                return new java.io.FilterInputStream(stream) {
                    @Override
                    public void close() throws IOException {
                        zip.close();
                    }
                };
            } catch (IOException | RuntimeException e) {
                zip.close();
                throw e;
            }
        }
    }
}
