/**
 * Whether two measurements of the same thing agree: repeated scans, two readers, a model and pathology grades, a case
 * and its threshold.
 *
 * <p>Matrices are subjects (rows) × repeats or raters (columns), complete. Must not know what was measured or where.
 */
@NullMarked
package walnut.monitoring.agreement;

import org.jspecify.annotations.NullMarked;
