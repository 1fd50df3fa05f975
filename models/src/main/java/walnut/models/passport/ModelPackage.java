package walnut.models.passport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import walnut.digest.Sha256;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.passport.Passport.PackageFile;

/**
 * A model package whose every file is the one its passport names.
 *
 * <p>A package is a directory or a zip: {@code passport.json} at the top, and the files that it lists with size and
 * SHA-256; nothing more and nothing less. Its digest is the SHA-256 of the passport's {@linkplain CanonicalJson canonical
 * form}: since the passport holds the digest of every other file, it stands for all bytes that matter.
 */
public final class ModelPackage {
    public static final String PASSPORT = "passport.json";

    /** Bytes of all files together, as a bound on what a hostile package can make us read. */
    static final long MAXIMUM_TOTAL_BYTES = 1L << 30;

    private final Passport passport;
    private final String digest;
    private final byte[] passportJson;
    private final PackageSource source;
    private final Map<String, PackageFile> files;

    private ModelPackage(Passport passport, String digest, byte[] passportJson, PackageSource source) {
        this.passport = passport;
        this.digest = digest;
        this.passportJson = passportJson;
        this.source = source;
        this.files = new TreeMap<>();
        passport.files().forEach(file -> files.put(file.path(), file));
    }

    /**
     * Opens and verifies a package.
     *
     * @throws WalnutException MODEL_NOT_FOUND when nothing is there; MODEL_PACKAGE_INVALID or MODEL_DIGEST_MISMATCH with
     *     every problem in its message
     */
    public static ModelPackage open(Path directoryOrZip) {
        Inspection inspection = inspect(directoryOrZip);
        return inspection.modelPackage().orElseThrow(() -> PackageProblem.exception(inspection.problems()));
    }

    /** Verifies a package and names each problem: none exactly when the package is there. */
    public static Inspection inspect(Path directoryOrZip) {
        requirePresent(directoryOrZip);
        PackageSource source = PackageSource.of(directoryOrZip);
        List<PackageProblem> problems = new ArrayList<>();
        try {
            Set<String> present = source.paths(problems);
            byte[] json = problems.isEmpty() ? passportBytes(source, present, problems) : null;
            Passport passport = json == null ? null : PassportReader.read(json, problems);
            if (json == null || passport == null) {
                return new Inspection(problems, Optional.empty());
            }
            checkFiles(passport, source, present, problems);
            return problems.isEmpty()
                    ? new Inspection(problems, Optional.of(new ModelPackage(passport, digestOf(json), json, source)))
                    : new Inspection(problems, Optional.empty());
        } catch (ZipException e) {
            problems.add(PackageProblem.invalid("The package is not a readable zip; make it again."));
            return new Inspection(problems, Optional.empty());
        } catch (IOException e) {
            throw new WalnutException(
                    FailureCode.STORAGE_FAILED,
                    "the model package cannot be read from disk; check its permissions.",
                    e);
        }
    }

    /**
     * The passport alone, its files unseen: enough to prepare tensors for a model that is still being trained, never to
     * serve one.
     */
    public static Passport readPassport(Path directoryOrZip) {
        requirePresent(directoryOrZip);
        PackageSource source = PackageSource.of(directoryOrZip);
        List<PackageProblem> problems = new ArrayList<>();
        try {
            byte[] json = passportBytes(source, source.paths(problems), problems);
            if (json == null) {
                throw PackageProblem.exception(problems);
            }
            return PassportReader.read(json);
        } catch (ZipException e) {
            throw new WalnutException(
                    FailureCode.MODEL_PACKAGE_INVALID, "The package is not a readable zip; make it again.", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Passport passport() {
        return passport;
    }

    /** SHA-256 of the passport's canonical form, lower-case hex: names this package and all its bytes. */
    public String digest() {
        return digest;
    }

    /** SHA-256 of the ONNX file. */
    public String onnxSha256() {
        return file(passport.onnx().file()).sha256();
    }

    /** The passport as it was written. */
    public byte[] passportJson() {
        return passportJson.clone();
    }

    /**
     * The bytes of one file, verified again as they are read, so that what is used is what was checked.
     *
     * @throws WalnutException MODEL_DIGEST_MISMATCH when the file has changed since
     */
    public byte[] read(String path) {
        PackageFile file = file(path);
        List<PackageProblem> problems = new ArrayList<>();
        try (InputStream stream = source.open(path)) {
            byte[] bytes = stream.readNBytes(Math.toIntExact(file.size()));
            boolean same = bytes.length == file.size()
                    && stream.read() < 0
                    && Sha256.hex(bytes).equals(file.sha256());
            if (same) {
                return bytes;
            }
        } catch (IOException e) {
            problems.add(PackageProblem.digest(path + " can no longer be read; install the package again."));
        }
        problems.add(PackageProblem.digest(path + " changed after it was verified; install the package again."));
        throw PackageProblem.exception(problems);
    }

    /** Every file of the package but the passport, by path. */
    public Set<String> paths() {
        return Set.copyOf(files.keySet());
    }

    private PackageFile file(String path) {
        PackageFile file = files.get(path);
        if (file == null) {
            throw new IllegalArgumentException("the passport lists no file " + path);
        }
        return file;
    }

    /** Digest of a passport given as JSON text. */
    public static String digestOf(byte[] passportJson) {
        byte[] canonical = CanonicalJson.bytes(PassportReader.tree(passportJson));
        return Sha256.hex(canonical);
    }

    private static void requirePresent(Path directoryOrZip) {
        if (!Files.exists(directoryOrZip)) {
            throw new WalnutException(
                    FailureCode.MODEL_NOT_FOUND,
                    "there is no model package at " + directoryOrZip.getFileName() + "; give a directory or a zip.");
        }
    }

    private static byte @Nullable [] passportBytes(
            PackageSource source, Set<String> present, List<PackageProblem> problems) throws IOException {
        if (!present.contains(PASSPORT)) {
            problems.add(PackageProblem.invalid(
                    "The package has no passport.json at its top; add one, not inside a folder."));
            return null;
        }
        try (InputStream stream = source.open(PASSPORT)) {
            return stream.readNBytes(PassportReader.MAXIMUM_BYTES + 1);
        }
    }

    private static void checkFiles(
            Passport passport, PackageSource source, Set<String> present, List<PackageProblem> problems)
            throws IOException {
        Set<String> listed = new TreeSet<>();
        passport.files().forEach(file -> listed.add(file.path()));
        Set<String> needed = new TreeSet<>(List.of(passport.onnx().file()));
        passport.knownAnswers().forEach(answer -> answer.inputs().forEach(input -> needed.add(input.file())));
        for (String path : needed) {
            if (!listed.contains(path)) {
                problems.add(PackageProblem.invalid(
                        "passport.json uses " + path + " but does not list it under files; run 'walnut model pack'."));
            }
        }
        for (String path : present) {
            if (!path.equals(PASSPORT) && !listed.contains(path)) {
                problems.add(PackageProblem.invalid(
                        "The package holds " + path + ", which its passport does not list; remove or list it."));
            }
        }
        long total = 0;
        for (PackageFile file : passport.files()) {
            total = Math.addExact(total, Math.min(file.size(), MAXIMUM_TOTAL_BYTES + 1));
            if (total > MAXIMUM_TOTAL_BYTES) {
                problems.add(PackageProblem.invalid(
                        "The package declares more than " + MAXIMUM_TOTAL_BYTES + " bytes in all; make it smaller."));
                return;
            }
            if (present.contains(file.path())) {
                checkFile(file, source, problems);
            } else {
                problems.add(PackageProblem.invalid(
                        "The package lacks " + file.path() + ", which its passport lists; add the file."));
            }
        }
    }

    /** Reads at most one byte more than declared, whatever a zip's own directory claims. */
    private static void checkFile(PackageFile file, PackageSource source, List<PackageProblem> problems)
            throws IOException {
        MessageDigest digest = Sha256.begin();
        long size = 0;
        byte[] chunk = new byte[1 << 16];
        try (InputStream stream = source.open(file.path())) {
            for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
                digest.update(chunk, 0, count);
                size += count;
                if (size > file.size()) {
                    problems.add(PackageProblem.digest(file.path() + " is longer than the " + file.size()
                            + " bytes its passport states; restore the file or run 'walnut model pack'."));
                    return;
                }
            }
        }
        String found = Sha256.hex(digest);
        if (size < file.size() || !found.equals(file.sha256())) {
            problems.add(PackageProblem.digest(file.path() + " has SHA-256 " + found + ", its passport states "
                    + file.sha256() + "; restore the file or run 'walnut model pack'."));
        }
    }

    /** What verification found. */
    public record Inspection(List<PackageProblem> problems, Optional<ModelPackage> modelPackage) {
        public Inspection {
            problems = List.copyOf(problems);
        }
    }
}
