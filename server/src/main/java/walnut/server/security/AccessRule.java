package walnut.server.security;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of the law: who may use one address, and what the ledger says of it.
 *
 * @param method GET, POST, PUT or DELETE
 * @param path as the router declares it: {@code /api/v1/cases/:caseId}
 * @param roles one of these is needed; empty where everybody may, signed in or not
 * @param noted what the ledger says; null where it says nothing
 */
public record AccessRule(
        String method,
        String path,
        Set<Role> roles,
        @Nullable Noted noted) {
    public AccessRule {
        roles = Set.copyOf(roles);
    }

    /**
     * An entry of the ledger.
     *
     * @param subject what was read or changed: {@code :caseId} for that parameter of path or query, {@code *} where it has
     *     no value; any other word stands for itself
     * @param look whether it is only looked at: then the same look by the same person is noted once in a while
     */
    public record Noted(String action, String subject, boolean look) {}

    public boolean isOpenToEverybody() {
        return roles.isEmpty();
    }
}
