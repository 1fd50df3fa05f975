/**
 * Result objects: Secondary Capture (PS3.3 A.8.1) and Comprehensive 3D SR after TID 1500 (PS3.3 A.35.13, PS3.16). Pure
 * functions of plain values: dates come from the record of a prediction and UIDs from digests, so writing an object again
 * gives the same bytes.
 *
 * <p>Must not know models, the store or the network; who writes an object says what stands in it.
 */
@NullMarked
package walnut.dicom.object;

import org.jspecify.annotations.NullMarked;
