/**
 * Lesions and glands as voxels: components, matching of found to true lesions, FROC, the PI-CAI score, overlap and surface
 * distance of segmentations.
 *
 * <p>Arrays are flattened in C order of [slice, row, column], column fastest; spacing in millimetres is in the same
 * order. Must not know NIfTI, DICOM or patient space: {@code server} reads files and hands over arrays.
 */
@NullMarked
package walnut.monitoring.lesion;

import org.jspecify.annotations.NullMarked;
