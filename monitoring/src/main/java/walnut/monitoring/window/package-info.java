/**
 * Windows of predictions kept as exact counts, so that days add up to months, labels that arrive late move from one state
 * to another, and no score is stored twice.
 *
 * <p>Must not know where windows begin or end, nor databases.
 */
@NullMarked
package walnut.monitoring.window;

import org.jspecify.annotations.NullMarked;
