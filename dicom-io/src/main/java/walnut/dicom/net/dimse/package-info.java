/**
 * DIMSE messages, PS3.7: command sets (Implicit VR Little Endian, group 0000), their split into presentation data values
 * and back. Must not know how associations come about.
 */
@NullMarked
package walnut.dicom.net.dimse;

import org.jspecify.annotations.NullMarked;
