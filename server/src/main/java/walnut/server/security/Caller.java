package walnut.server.security;

import java.util.EnumSet;
import java.util.Set;

/**
 * Who asks: the holder of a token, or somebody at a browser that was signed in with it.
 *
 * @param tokenId of the token; {@code configured} for the one of the configuration
 * @param name by which the ledger knows them
 * @param roles as the token names them
 */
public record Caller(String tokenId, String name, Set<Role> roles) {
    public Caller {
        roles = Set.copyOf(roles);
    }

    /** The roles that they act in when one of {@code allowed} is needed; empty where they have none of them. */
    public Set<Role> actingAs(Set<Role> allowed) {
        EnumSet<Role> acting = EnumSet.noneOf(Role.class);
        for (Role role : roles) {
            if (role.withImplied().stream().anyMatch(allowed::contains)) {
                acting.add(role);
            }
        }
        return acting;
    }

    public boolean is(Role role) {
        return !actingAs(Set.of(role)).isEmpty();
    }

    /** Whether they are told whose study a case is. */
    public boolean seesPatients() {
        return is(Role.RADIOLOGIST) || is(Role.OPERATOR);
    }

    /** Whether they may see what a model said while it was silent, in shadow, or asked again. */
    public boolean seesSilentResults() {
        return roles.contains(Role.ML_ENGINEER);
    }
}
