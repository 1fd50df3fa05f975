package walnut.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real third-party data outside the repository ({@code -Dwalnut.shared}); tests skip, and say why, without it. */
public final class SharedData {
    private static final Path ROOT = Path.of(System.getProperty("walnut.shared", "../../shared"));

    private SharedData() {}

    /** The file or folder at this path under the shared folder; skips the calling test when it is absent. */
    public static Path require(String relativePath) {
        Path path = ROOT.resolve(relativePath);
        if (!Files.exists(path)) {
            skipOrFail("shared-data", "shared data not found: " + relativePath + " (set -Dwalnut.shared)");
        }
        return path;
    }

    public static Path prostateX0000() {
        return require("data/prostate-dicom/ProstateX-0000");
    }

    static void skipOrFail(String peer, String message) {
        if (Peers.required().contains(peer)) {
            throw new AssertionError("required by -Dwalnut.require: " + message);
        }
        SkippedFor.note(peer);
        Assumptions.abort(SkippedFor.PREFIX + peer + " " + message);
    }
}
