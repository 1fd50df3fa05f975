/** Tests of the DICOM JSON model. */
@NullMarked
package walnut.dicom.json;

import org.jspecify.annotations.NullMarked;
