package walnut.dicom.part10;

import java.util.List;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.TransferSyntax;

/**
 * A DICOM file as it was read.
 *
 * @param metaInformation group 0002; empty where the file has none
 * @param dataSet all else, as far as it was asked for
 * @param transferSyntax how the data set is encoded: as group 0002 says, or as was found where it says nothing or wrong
 * @param dataSetOffset where in the file the data set begins, after preamble and group 0002
 * @param notices what the file did wrong and reading put up with
 */
public record DicomFile(
        DataSet metaInformation,
        DataSet dataSet,
        TransferSyntax transferSyntax,
        long dataSetOffset,
        List<ReadNotice> notices) {

    public DicomFile {
        notices = List.copyOf(notices);
    }
}
