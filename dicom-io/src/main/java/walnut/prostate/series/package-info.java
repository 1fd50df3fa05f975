/**
 * From the headers of a study to the volumes a model asked for: the role of every series and why, its b-values, how its
 * frames stack, which series is chosen, and the voxels in patient space.
 *
 * <p>Knows data sets, pixels and volumes; must not know networks, stores, databases or models. A model's wishes arrive
 * as a {@link walnut.prostate.series.SelectionPolicy}.
 *
 * <p>Sources: PS3.3 C.7.6.2 (image plane), C.8.13 (Enhanced MR), C.7.6.16 (multi-frame functional groups); PI-RADS v2.1
 * for what the sequences are.
 */
@NullMarked
package walnut.prostate.series;

import org.jspecify.annotations.NullMarked;
