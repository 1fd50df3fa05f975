/**
 * Whether a score of 0.3 means that 30 of 100 such men have csPCa: proper scores, calibration error, slope and
 * intercept, smooth curves, recalibration, and performance estimated from calibrated probabilities alone.
 *
 * <p>Works on {@link walnut.monitoring.statistic.LabelledScores}; must not know where they come from.
 */
@NullMarked
package walnut.monitoring.calibration;

import org.jspecify.annotations.NullMarked;
