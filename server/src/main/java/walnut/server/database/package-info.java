/**
 * What survives a restart, in SQL that runs on SQLite and PostgreSQL alike. One writer, many readers. Rooms above ask
 * for values, never for rows; nobody else writes SQL.
 */
@NullMarked
package walnut.server.database;

import org.jspecify.annotations.NullMarked;
