package walnut.models.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.ModelPackage.Inspection;
import walnut.models.passport.PackageProblem;
import walnut.models.passport.Passport;
import walnut.models.passport.PassportReader;

/**
 * The model packages of one node: {@code <data-dir>/models/<digest>/}, each a directory named by its package's digest.
 *
 * <p>A package is copied into a folder of its own beside the others, verified there, and renamed into place: whatever
 * stands under a digest is that package, and a crash leaves at most a hidden folder that nobody reads. Several processes
 * may share the directory.
 */
public final class ModelRegistry {
    /** Class path folder of the packages that come with Walnut; {@code index} lists their ids, one a line. */
    private static final String SHIPPED = "/walnut/packages/";

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final String INCOMING = ".incoming-";

    private final Path directory;
    private final Set<String> shippedDigests = new HashSet<>();

    private ModelRegistry(Path directory) {
        this.directory = directory;
    }

    /**
     * The registry in this directory, with the shipped packages in it.
     *
     * @param directory {@code <data-dir>/models}, made when absent
     */
    public static ModelRegistry open(Path directory) {
        try {
            Files.createDirectories(directory);
            ModelRegistry registry = new ModelRegistry(directory);
            for (String id : shippedIds()) {
                registry.shippedDigests.add(registry.installShipped(id).digest());
            }
            return registry;
        } catch (IOException e) {
            throw storageFailed(e);
        }
    }

    /** Ids of the packages that come with Walnut. */
    public static List<String> shippedIds() {
        try (InputStream index = resource("index");
                BufferedReader lines = new BufferedReader(new InputStreamReader(index, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(String::trim)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a package, verified before and after, to its place; one that is there already stays as it is. */
    public ModelPackage install(Path directoryOrZip) {
        ModelPackage source = ModelPackage.open(directoryOrZip);
        return install(source.passport(), source.digest(), source.passportJson(), source::read);
    }

    /** Every package that verifies, by id, then version, then digest. */
    public List<ModelPackage> list() {
        return folders().stream()
                .map(folder -> inspect(folder).modelPackage())
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(
                                (ModelPackage found) -> found.passport().id())
                        .thenComparing(ModelRegistry::version, Arrays::compare)
                        .thenComparing(ModelPackage::digest))
                .toList();
    }

    /** What is wrong with packages of this registry, by the folder's name; none on a healthy node. */
    public List<PackageProblem> problems() {
        List<PackageProblem> problems = new ArrayList<>();
        for (Path folder : folders()) {
            inspect(folder)
                    .problems()
                    .forEach(problem -> problems.add(new PackageProblem(
                            problem.code(), "models/" + folder.getFileName() + ": " + problem.sentence())));
        }
        return problems;
    }

    /**
     * A package by what people call it.
     *
     * @param reference a path to a package; or an id (its newest version), {@code id@version}, a digest or at least its
     *     first eight digits; of packages that share id and version the one that ships with this Walnut is meant
     * @throws WalnutException MODEL_NOT_FOUND with what there is; INVALID_ARGUMENT when it could be several
     */
    public ModelPackage find(String reference) {
        if (isPath(reference)) {
            return ModelPackage.open(Path.of(reference));
        }
        List<ModelPackage> known = list();
        List<ModelPackage> byDigest = reference.matches("[0-9a-f]{8,64}")
                ? known.stream()
                        .filter(candidate -> candidate.digest().startsWith(reference))
                        .toList()
                : List.of();
        List<ModelPackage> byName = known.stream()
                .filter(candidate -> reference.equals(candidate.passport().id())
                        || reference.equals(candidate.passport().id() + "@"
                                + candidate.passport().version()))
                .toList();
        List<ModelPackage> found = byDigest.isEmpty() ? shippedFirst(newest(byName)) : byDigest;
        if (found.isEmpty()) {
            throw new WalnutException(
                    FailureCode.MODEL_NOT_FOUND,
                    "there is no model " + reference + "; known are "
                            + known.stream().map(ModelRegistry::reference).toList()
                            + ", or give the path of a package.");
        }
        if (found.size() > 1) {
            throw new WalnutException(
                    FailureCode.INVALID_ARGUMENT,
                    reference + " could be "
                            + found.stream()
                                    .map(candidate -> candidate.digest().substring(0, 12))
                                    .toList() + "; give a digest.");
        }
        return found.get(0);
    }

    private static boolean isPath(String reference) {
        return reference.contains("/") || reference.endsWith(".zip") || Files.isDirectory(Path.of(reference));
    }

    /** Those of the highest version: several only when two packages share a version. */
    private static List<ModelPackage> newest(List<ModelPackage> candidates) {
        Optional<int[]> highest =
                candidates.stream().map(ModelRegistry::version).max(Arrays::compare);
        return candidates.stream()
                .filter(candidate -> Arrays.equals(version(candidate), highest.orElseThrow()))
                .toList();
    }

    /** An older Walnut may have left its package of the same version here. */
    private List<ModelPackage> shippedFirst(List<ModelPackage> candidates) {
        List<ModelPackage> shipped = candidates.stream()
                .filter(candidate -> shippedDigests.contains(candidate.digest()))
                .toList();
        return shipped.isEmpty() ? candidates : shipped;
    }

    private static int[] version(ModelPackage modelPackage) {
        return Arrays.stream(modelPackage.passport().version().split("\\."))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static String reference(ModelPackage modelPackage) {
        return modelPackage.passport().id() + "@" + modelPackage.passport().version();
    }

    private ModelPackage installShipped(String id) throws IOException {
        byte[] passportJson;
        try (InputStream stream = resource(id + "/" + ModelPackage.PASSPORT)) {
            passportJson = stream.readAllBytes();
        }
        Passport passport = PassportReader.read(passportJson);
        return install(passport, ModelPackage.digestOf(passportJson), passportJson, path -> {
            try (InputStream stream = resource(id + "/" + path)) {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private ModelPackage install(Passport passport, String digest, byte[] passportJson, FileBytes bytes) {
        Path place = directory.resolve(digest);
        try {
            if (Files.isDirectory(place)) {
                Inspection present = inspect(place);
                if (present.modelPackage().isPresent()) {
                    return present.modelPackage().get();
                }
                // Damaged where it stands: what was verified takes its place.
                delete(place);
            }
            Path incoming = Files.createTempDirectory(directory, INCOMING);
            try {
                Files.write(incoming.resolve(ModelPackage.PASSPORT), passportJson);
                for (Passport.PackageFile file : passport.files()) {
                    Path target = incoming.resolve(file.path());
                    Files.createDirectories(Objects.requireNonNull(target.getParent()));
                    Files.write(target, bytes.read(file.path()));
                }
                ModelPackage.open(incoming);
                moveIntoPlace(incoming, place);
            } finally {
                delete(incoming);
            }
            return ModelPackage.open(place);
        } catch (IOException e) {
            throw storageFailed(e);
        }
    }

    /** Another process may have been first: then its copy, which is the same package, stands. */
    private static void moveIntoPlace(Path incoming, Path place) throws IOException {
        try {
            Files.move(incoming, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(place)) {
                throw e;
            }
        }
    }

    /** A folder counts only when its name is the digest of what it holds. */
    private static Inspection inspect(Path folder) {
        Inspection inspection = ModelPackage.inspect(folder);
        String name = String.valueOf(folder.getFileName());
        if (inspection.modelPackage().isPresent()
                && !inspection.modelPackage().get().digest().equals(name)) {
            return new Inspection(
                    List.of(new PackageProblem(
                            FailureCode.MODEL_DIGEST_MISMATCH,
                            "the passport was changed after it was installed; install the package again.")),
                    Optional.empty());
        }
        return inspection;
    }

    private List<Path> folders() {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry ->
                            DIGEST.matcher(String.valueOf(entry.getFileName())).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw storageFailed(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> entries;
        try (Stream<Path> walk = Files.walk(folder)) {
            entries = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path entry : entries) {
            Files.deleteIfExists(entry);
        }
    }

    private static InputStream resource(String path) throws IOException {
        InputStream stream = ModelRegistry.class.getResourceAsStream(SHIPPED + path);
        if (stream == null) {
            throw new IOException("not on the class path: " + SHIPPED + path);
        }
        return stream;
    }

    private static WalnutException storageFailed(IOException cause) {
        return new WalnutException(
                FailureCode.STORAGE_FAILED,
                "the models directory cannot be read or written; check space and permissions.",
                cause);
    }

    @FunctionalInterface
    private interface FileBytes {
        byte[] read(String path);
    }
}
