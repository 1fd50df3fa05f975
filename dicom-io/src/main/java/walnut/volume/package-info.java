/**
 * Volumes in patient space: geometry, voxel values, masks, NIfTI, resampling. Knows nothing of DICOM data sets or of
 * prostates. Frame everywhere: DICOM patient LPS (+x left, +y posterior, +z head), millimetres.
 */
@NullMarked
package walnut.volume;

import org.jspecify.annotations.NullMarked;
