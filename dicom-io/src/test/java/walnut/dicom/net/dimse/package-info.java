/** Tests of command sets and message assembly. */
@NullMarked
package walnut.dicom.net.dimse;

import org.jspecify.annotations.NullMarked;
