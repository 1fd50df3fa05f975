/**
 * Whether a model works as well for each group of men: by scanner, site, age band, prostate volume. Groups too small to
 * say anything are listed as such, never dropped and never 0.
 *
 * <p>Must not know what a group is, only its name.
 */
@NullMarked
package walnut.monitoring.fairness;

import org.jspecify.annotations.NullMarked;
