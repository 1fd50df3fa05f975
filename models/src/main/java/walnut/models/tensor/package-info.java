/**
 * Named float32 arrays between a study and a model, their digests, and the {@code .npy} files they are written to. A
 * leaf: knows no model, passport or volume.
 */
@NullMarked
package walnut.models.tensor;

import org.jspecify.annotations.NullMarked;
