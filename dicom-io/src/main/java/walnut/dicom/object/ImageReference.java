package walnut.dicom.object;

import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;

/** An image that a result speaks of, with the series it belongs to. All of one study. */
public record ImageReference(String seriesInstanceUid, String sopClassUid, String sopInstanceUid) {

    /** For ReferencedSOPSequence, ReferencedImageSequence and SourceImageSequence. */
    DataSet item() {
        return DataSet.builder()
                .putString(Tag.ReferencedSOPClassUID, sopClassUid)
                .putString(Tag.ReferencedSOPInstanceUID, sopInstanceUid)
                .build();
    }
}
