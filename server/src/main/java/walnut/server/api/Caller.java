package walnut.server.api;

import java.util.Optional;

/**
 * Who asks: the name that the ledger keeps, and the role that it signs with.
 *
 * @param role empty where the node knows no roles
 */
public record Caller(String name, Optional<String> role) {}
