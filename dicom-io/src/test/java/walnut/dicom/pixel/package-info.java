/** Tests of stored pixel values and their digest. */
@NullMarked
package walnut.dicom.pixel;

import org.jspecify.annotations.NullMarked;
