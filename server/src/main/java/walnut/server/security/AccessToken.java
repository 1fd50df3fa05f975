package walnut.server.security;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A token, without its secret.
 *
 * @param name whose it is, or what for; taken once and for ever, so that the ledger stays clear
 * @param createdBy name of the token, or the place, that made it
 * @param expiresAt null for never
 */
public record AccessToken(
        String tokenId,
        String name,
        Set<Role> roles,
        String createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable String revokedBy,
        @Nullable Instant revokedAt) {
    public AccessToken {
        roles = Set.copyOf(roles);
    }

    boolean isValidAt(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }

    Caller caller() {
        return new Caller(tokenId, name, roles);
    }
}
