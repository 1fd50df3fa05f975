package walnut.server.security;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tokens in a map. */
final class InMemoryTokens implements TokenStore {
    private final Map<String, AccessToken> bySecret = new LinkedHashMap<>();

    /** Everything that is kept, as text: no secret may be in it. */
    synchronized String kept() {
        return bySecret.toString();
    }

    @Override
    public synchronized boolean add(AccessToken token, String secretSha256) {
        if (all().stream().anyMatch(other -> other.name().equals(token.name()))) {
            return false;
        }
        bySecret.put(secretSha256, token);
        return true;
    }

    @Override
    public synchronized boolean addFirst(AccessToken token, String secretSha256) {
        return isEmpty() && add(token, secretSha256);
    }

    @Override
    public synchronized Optional<AccessToken> findBySecret(String secretSha256) {
        return Optional.ofNullable(bySecret.get(secretSha256));
    }

    @Override
    public synchronized Optional<AccessToken> find(String tokenId) {
        return bySecret.values().stream()
                .filter(token -> token.tokenId().equals(tokenId))
                .findFirst();
    }

    @Override
    public synchronized List<AccessToken> all() {
        List<AccessToken> all = new ArrayList<>(bySecret.values());
        Collections.reverse(all);
        return all;
    }

    @Override
    public synchronized boolean isEmpty() {
        return bySecret.isEmpty();
    }

    @Override
    public synchronized void revoke(String tokenId, String revokedBy, Instant at) {
        bySecret.replaceAll((secret, token) -> token.tokenId().equals(tokenId) && token.revokedAt() == null
                ? new AccessToken(
                        tokenId,
                        token.name(),
                        token.roles(),
                        token.createdBy(),
                        token.createdAt(),
                        token.expiresAt(),
                        revokedBy,
                        at)
                : token);
    }
}
