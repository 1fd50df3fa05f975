/**
 * DICOM files (PS3.10) and bare data sets (PS3.5 chapter 7): bytes in, {@link walnut.dicom.data.DataSet} out, and back.
 *
 * <p>Reading is tolerant and says so: what a file does wrong but can be understood becomes a {@link
 * walnut.dicom.part10.ReadNotice}; what cannot is refused with NOT_DICOM, TRUNCATED, MALFORMED_DATASET,
 * DATASET_TOO_LARGE or UNSUPPORTED_TRANSFER_SYNTAX. No length that a file announces is believed before its bytes are
 * there. Knows nothing of networks, and does not decode pixels.
 */
@NullMarked
package walnut.dicom.part10;

import org.jspecify.annotations.NullMarked;
