/**
 * Protocol data units of the DICOM upper layer, read and written (PS3.8 section 9.3). {@link
 * walnut.dicom.net.pdu.PduReader} and {@link walnut.dicom.net.pdu.PduWriter} mirror each other; the standard's field
 * table stands above each read. Must not know states, commands or sockets.
 */
@NullMarked
package walnut.dicom.net.pdu;

import org.jspecify.annotations.NullMarked;
