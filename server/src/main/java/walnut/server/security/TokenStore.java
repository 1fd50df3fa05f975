package walnut.server.security;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where tokens are kept, by the digest of their secret. Methods may block; durable when they return. */
public interface TokenStore {

    /** @return false when the name is taken, also by a token that was revoked */
    boolean add(AccessToken token, String secretSha256);

    /**
     * Adds the token when there is none at all, in one transaction.
     *
     * @return false when there is one
     */
    boolean addFirst(AccessToken token, String secretSha256);

    Optional<AccessToken> findBySecret(String secretSha256);

    Optional<AccessToken> find(String tokenId);

    /** Newest first, those that were revoked or have expired among them. */
    List<AccessToken> all();

    boolean isEmpty();

    /** Revokes a token and ends its sessions in one transaction; one that was revoked before stays as it was. */
    void revoke(String tokenId, String revokedBy, Instant at);
}
