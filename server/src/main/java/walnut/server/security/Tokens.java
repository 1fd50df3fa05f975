package walnut.server.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.ledger.Ledger;

/**
 * The tokens of a node. A secret leaves here once, when its token is made; only its digest is kept. Every change stands in
 * the ledger. Methods may block; any thread, and any process on the same database: nothing is held in memory, so a token
 * revoked elsewhere is refused at the next request.
 */
public final class Tokens {
    /** So that a secret that strays into a repository or a log is recognised by those who look for such. */
    private static final String PREFIX = "walnut_";

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._@-]{0,63}");

    /** How the administrator's token of the configuration is named. */
    private static final String CONFIGURED = "configured";

    /** Who makes the administrator's token of a new node. */
    private static final String FIRST_START = "first start";

    /** Who acts on a data directory without a token. */
    public static final String COMMAND_LINE = "command line";

    /** Whoever shows no token that is ours. */
    public static final String UNKNOWN = "unknown";

    /** What a node does of itself. */
    public static final String NODE = "node";

    /** What the site's rule of retention does. */
    public static final String RETENTION = "retention";

    /** Actors of the ledger that are no token's. */
    private static final Set<String> RESERVED = Set.of(CONFIGURED, FIRST_START, COMMAND_LINE, UNKNOWN, NODE, RETENTION);

    /** Short secrets can be guessed over the network. */
    public static final int SHORTEST_CONFIGURED_SECRET = 16;

    private final TokenStore store;
    private final Ledger ledger;
    private final Clock clock;
    private final SecureRandom random;
    private final Supplier<String> ids;
    private final @Nullable String configuredSha256;

    /**
     * @param configuredSecret the administrator's, where it comes from outside (a Kubernetes Secret); it is kept nowhere,
     *     cannot be revoked here and ends when it is taken out of the configuration
     */
    public Tokens(
            TokenStore store,
            Optional<String> configuredSecret,
            Ledger ledger,
            Clock clock,
            SecureRandom random,
            Supplier<String> ids) {
        this.store = store;
        this.ledger = ledger;
        this.clock = clock;
        this.random = random;
        this.ids = ids;
        this.configuredSha256 = configuredSecret.map(Secrets::sha256).orElse(null);
        configuredSecret.ifPresent(secret -> {
            if (secret.length() < SHORTEST_CONFIGURED_SECRET) {
                throw new WalnutException(
                        FailureCode.CONFIGURATION_INVALID,
                        "http.token must have at least " + SHORTEST_CONFIGURED_SECRET + " characters, it has "
                                + secret.length());
            }
        });
    }

    /** A token with its secret, which is nowhere else. */
    public record Issued(AccessToken token, String secret) {
        @Override
        public String toString() {
            return "Issued[" + token + "]";
        }
    }

    /** Whether anybody could be let in. */
    public boolean isEmpty() {
        return configuredSha256 == null && store.isEmpty();
    }

    /** The administrator's token of a node that has never had one; empty ever after, and where the configuration brings one. */
    public Optional<Issued> first(Set<Role> roles) {
        if (configuredSha256 != null) {
            return Optional.empty();
        }
        Issued issued = issue("administrator", roles, FIRST_START, null);
        if (!store.addFirst(issued.token(), Secrets.sha256(issued.secret()))) {
            return Optional.empty();
        }
        note(issued.token(), FIRST_START);
        return Optional.of(issued);
    }

    /**
     * @param createdBy who asks for it
     * @param expiresAt null for never
     * @throws WalnutException INVALID_ARGUMENT for a name that is none or taken, no role, or a time that has passed
     */
    public Issued create(String name, Set<Role> roles, @Nullable Instant expiresAt, String createdBy) {
        if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
            throw new WalnutException(
                    FailureCode.INVALID_ARGUMENT,
                    "a token's name has 1 to 64 letters, digits, spaces and . _ @ -, begins with a letter or digit, and"
                            + " is none of " + RESERVED.stream().sorted().toList());
        }
        if (roles.isEmpty()) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "a token needs at least one role");
        }
        if (expiresAt != null && !expiresAt.isAfter(clock.instant())) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "a token cannot expire in the past");
        }
        Issued issued = issue(name, roles, createdBy, expiresAt);
        if (!store.add(issued.token(), Secrets.sha256(issued.secret()))) {
            throw new WalnutException(
                    FailureCode.INVALID_ARGUMENT,
                    "there is or was a token of that name: take another, so that the ledger stays clear");
        }
        note(issued.token(), createdBy);
        return issued;
    }

    private Issued issue(String name, Set<Role> roles, String createdBy, @Nullable Instant expiresAt) {
        AccessToken token = new AccessToken(ids.get(), name, roles, createdBy, clock.instant(), expiresAt, null, null);
        return new Issued(token, PREFIX + Secrets.make(random));
    }

    private void note(AccessToken token, String createdBy) {
        ledger.append(
                createdBy,
                "TOKEN_CREATED",
                token.name(),
                Role.words(token.roles()) + (token.expiresAt() == null ? "" : ", expires " + token.expiresAt()));
    }

    /** Newest first, without secrets. */
    public List<AccessToken> all() {
        return store.all();
    }

    /**
     * Acts at once, on its sessions too. Whose token was revoked before is told so.
     *
     * @throws WalnutException NOT_FOUND, or INVALID_ARGUMENT for the token of the configuration
     */
    public AccessToken revoke(String tokenId, String revokedBy) {
        if (tokenId.equals(CONFIGURED)) {
            throw new WalnutException(
                    FailureCode.INVALID_ARGUMENT,
                    "the configured token ends when http.token is taken out of the configuration");
        }
        AccessToken token = find(tokenId);
        if (token.revokedAt() == null) {
            store.revoke(tokenId, revokedBy, clock.instant());
            ledger.append(revokedBy, "TOKEN_REVOKED", token.name(), "");
        }
        return find(tokenId);
    }

    private AccessToken find(String tokenId) {
        return store.find(tokenId)
                .orElseThrow(() -> new WalnutException(FailureCode.NOT_FOUND, "there is no token of that id"));
    }

    /** Whose secret this is; empty for one that is unknown, revoked or has expired. */
    public Optional<Caller> callerWith(String secret) {
        String sha256 = Secrets.sha256(secret);
        // Digests are compared, in a time that does not depend on how much of them agrees.
        if (configuredSha256 != null
                && MessageDigest.isEqual(
                        configuredSha256.getBytes(StandardCharsets.US_ASCII),
                        sha256.getBytes(StandardCharsets.US_ASCII))) {
            return Optional.of(configured());
        }
        return valid(store.findBySecret(sha256));
    }

    /** The holder of a token now; empty when it was revoked or has expired since. */
    Optional<Caller> holder(String tokenId) {
        return configuredSha256 != null && tokenId.equals(configured().tokenId())
                ? Optional.of(configured())
                : valid(store.find(tokenId));
    }

    private Optional<Caller> valid(Optional<AccessToken> token) {
        Instant now = clock.instant();
        return token.filter(found -> found.isValidAt(now)).map(AccessToken::caller);
    }

    /** Its id changes with the secret, so that no session outlives a change of the configuration. */
    private Caller configured() {
        return new Caller(CONFIGURED + "-" + configuredSha256, CONFIGURED, Set.of(Role.ADMINISTRATOR));
    }
}
