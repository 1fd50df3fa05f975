/**
 * Whether the current cases still look like the reference: distances between distributions, tests, and the thresholds
 * that make an alarm rare when nothing has changed.
 *
 * <p>The reference is a frozen, named set; a rolling one hides slow drift. Must not know what the values mean.
 */
@NullMarked
package walnut.monitoring.drift;

import org.jspecify.annotations.NullMarked;
