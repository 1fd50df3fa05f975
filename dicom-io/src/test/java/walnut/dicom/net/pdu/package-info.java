/** Tests of PDUs: bytes by the standard's tables, hostile lengths, round trips. */
@NullMarked
package walnut.dicom.net.pdu;

import org.jspecify.annotations.NullMarked;
