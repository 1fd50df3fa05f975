/**
 * What an operator can set, where it came from, and the data directory everything lives in. One YAML file below
 * {@code WALNUT_…} environment below flags; every problem is reported at once.
 */
@NullMarked
package walnut.server.config;

import org.jspecify.annotations.NullMarked;
