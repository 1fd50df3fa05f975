package walnut.server.pipeline;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import walnut.digest.Sha256;

/** Lower-case hex SHA-256 of texts: each in UTF-8, followed by a line feed, in the order given (layout 1). */
final class Digests {
    private Digests() {}

    static String ofTexts(List<String> texts) {
        MessageDigest digest = Sha256.begin();
        for (String text : texts) {
            digest.update(text.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
        }
        return Sha256.hex(digest);
    }
}
