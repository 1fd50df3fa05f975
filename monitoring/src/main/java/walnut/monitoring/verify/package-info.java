/**
 * Runs golden vectors: any directory of files, one per statistic, each with a definition, cases, expected values and
 * tolerances made by independent implementations. Says per file how many cases pass and how far the worst value is off.
 *
 * <p>Holds no expected value, case id or seed: it only translates field names of the files to calls of the statistics.
 */
@NullMarked
package walnut.monitoring.verify;

import org.jspecify.annotations.NullMarked;
