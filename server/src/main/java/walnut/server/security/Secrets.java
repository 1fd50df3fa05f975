package walnut.server.security;

import java.security.SecureRandom;
import java.util.Base64;
import walnut.digest.Sha256;

/**
 * Secrets that we make, and the digest that is all we keep of them.
 *
 * <p>The digest is plain SHA-256, not a slow password hash: a slow one makes guessing dear where the secret is guessable.
 * Ours have 256 random bits, so that there is nothing to guess, and each request is answered without half a second of work
 * that anybody could ask for. A lookup by digest tells nothing by the time it takes: who can steer the digest's first bytes
 * towards a stored one has broken SHA-256.
 */
final class Secrets {
    private static final int BYTES = 32;

    private Secrets() {}

    /** 256 random bits in the base64 alphabet of addresses: it needs no escape in a header, a cookie or a path. */
    static String make(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String sha256(String secret) {
        return Sha256.hex(secret);
    }
}
