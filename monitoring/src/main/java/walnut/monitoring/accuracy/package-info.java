/**
 * How well scores separate men with clinically significant cancer from men without: ranking, operating points, net
 * benefit, comparison of models, correction for who was biopsied, and resampling.
 *
 * <p>Works on arrays of scores and labels; must not know where they come from. Labels: 1 = csPCa (ISUP ≥ 2). A case is
 * positive when its score ≥ the threshold.
 */
@NullMarked
package walnut.monitoring.accuracy;

import org.jspecify.annotations.NullMarked;
