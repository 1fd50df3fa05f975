/**
 * Who may ask what: tokens and their roles, browser sessions, and the one table that says which role each address is for.
 *
 * <p>Must not know HTTP or SQL: requests are read in {@code server.http}, rows are kept in {@code server.database}.
 */
@NullMarked
package walnut.server.security;

import org.jspecify.annotations.NullMarked;
