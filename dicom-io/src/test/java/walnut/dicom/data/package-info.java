/** Tests of data sets as values. */
@NullMarked
package walnut.dicom.data;

import org.jspecify.annotations.NullMarked;
