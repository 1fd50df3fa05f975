package walnut.server.natives;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import walnut.digest.Sha256;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Unpacks the shared libraries that ONNX Runtime, SQLite and JNA load, and tells each where its file lies.
 *
 * <p>Left to themselves they unpack into the temporary directory at every start, some 30 MB, and a process that is killed
 * leaves its copy behind. Here a library is written once, to {@code <data-dir>/native/<sha256>/}. The folder is named by
 * the digest of what {@code sha256sum *} prints in it, so an upgrade never touches what a running process has mapped; and
 * a file that is not what its folder says is replaced before anything loads it.
 */
public final class Natives {
    private Natives() {}

    /**
     * Makes the libraries ready below {@code dataDir} and names them by their system properties. To be called before the
     * first use of DJL, ONNX Runtime or SQLite: each reads its property once. A property that is set already stays, so
     * that an operator can bring a build of their own.
     *
     * <p>Does nothing on another system than Linux, where a developer's class path holds the complete jars.
     *
     * @throws WalnutException STORAGE_FAILED where the folder cannot be written, PLATFORM_UNSUPPORTED on a Linux machine
     *     for which there are no libraries
     */
    public static void unpackTo(Path dataDir) {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return;
        }
        Architecture architecture = Architecture.named(System.getProperty("os.arch", ""));
        for (SharedLibrary library : SharedLibrary.allFor(architecture)) {
            if (System.getProperty(library.folderProperty()) == null) {
                Path folder = unpack(library, dataDir.resolve("native").toAbsolutePath());
                System.setProperty(library.folderProperty(), folder.toString());
                library.fixedProperties().forEach(System::setProperty);
            }
        }
    }

    /** The folder below {@code natives} that holds the library, whole and as the jar has it. */
    static Path unpack(SharedLibrary library, Path natives) {
        try {
            Map<String, String> sha256ByName = new LinkedHashMap<>();
            for (String name : library.fileNames()) {
                try (InputStream packed = open(library, name)) {
                    sha256ByName.put(name, sha256(packed));
                }
            }
            Path folder = natives.resolve(nameOf(sha256ByName));
            Files.createDirectories(folder);
            for (Map.Entry<String, String> expected : sha256ByName.entrySet()) {
                Path file = folder.resolve(expected.getKey());
                if (!holds(file, expected.getValue())) {
                    write(library, file);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new WalnutException(
                    FailureCode.STORAGE_FAILED,
                    "cannot unpack " + library.fileNames() + " below the data directory: " + e.getMessage(),
                    e);
        }
    }

    private static String nameOf(Map<String, String> sha256ByName) {
        StringBuilder listing = new StringBuilder();
        sha256ByName.forEach((name, sha256) ->
                listing.append(sha256).append("  ").append(name).append('\n'));
        return Sha256.hex(listing.toString());
    }

    private static boolean holds(Path file, String sha256) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream unpacked = Files.newInputStream(file)) {
            return sha256(unpacked).equals(sha256);
        }
    }

    /** Written beside its place, synced and renamed: whoever sees the name sees the whole file. */
    private static void write(SharedLibrary library, Path file) throws IOException {
        Path part = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
        try {
            try (InputStream packed = open(library, file.getFileName().toString());
                    FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                OutputStream out = Channels.newOutputStream(channel);
                packed.transferTo(out);
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static InputStream open(SharedLibrary library, String name) throws IOException {
        String resource = library.resources() + name;
        return Optional.ofNullable(Natives.class.getClassLoader().getResourceAsStream(resource))
                .orElseThrow(() -> new FileNotFoundException("not in the jar: " + resource));
    }

    private static String sha256(InputStream content) throws IOException {
        MessageDigest digest = Sha256.begin();
        new DigestInputStream(content, digest).transferTo(OutputStream.nullOutputStream());
        return Sha256.hex(digest);
    }
}
