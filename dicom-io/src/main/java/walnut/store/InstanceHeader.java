package walnut.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.NonPatientObject;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.part10.DataSetReader;
import walnut.dicom.part10.ReadOptions;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Who a data set says it is; patient and issuer are zero-length when it does not say, and so are study and series of an
 * object that belongs to no patient, whatever it says.
 */
record InstanceHeader(
        String sopClassUid,
        String sopInstanceUid,
        String studyInstanceUid,
        String seriesInstanceUid,
        String patientId,
        String issuerOfPatientId) {

    /** All that is read lies before this tag; a value up to there may be private and large, but not this large. */
    private static final ReadOptions UP_TO_SERIES =
            ReadOptions.header().before(Tag.SeriesInstanceUID + 1).withMaxValueBytes(64 << 20);

    /**
     * Reads the beginning of a data set.
     *
     * @throws WalnutException with the reason why these bytes are no data set, MALFORMED_DATASET when it does not
     *     say what it is, or IDENTITY_MISSING when it does not say which study and series it belongs to
     */
    static InstanceHeader read(InputStream dataSetBytes, String transferSyntaxUid) throws IOException {
        TransferSyntax syntax = TransferSyntax.of(transferSyntaxUid)
                .orElseThrow(() -> new WalnutException(
                        FailureCode.UNSUPPORTED_TRANSFER_SYNTAX, "transfer syntax is none of the standard's"));
        DataSet dataSet = DataSetReader.read(dataSetBytes, syntax, UP_TO_SERIES).dataSet();
        String sopClassUid = required(dataSet.string(Tag.SOPClassUID), FailureCode.MALFORMED_DATASET, "SOP Class UID");
        String sopInstanceUid =
                required(dataSet.string(Tag.SOPInstanceUID), FailureCode.MALFORMED_DATASET, "SOP Instance UID");
        if (NonPatientObject.isSopClass(sopClassUid)) {
            return new InstanceHeader(sopClassUid, sopInstanceUid, "", "", "", "");
        }
        return new InstanceHeader(
                sopClassUid,
                sopInstanceUid,
                required(dataSet.string(Tag.StudyInstanceUID), FailureCode.IDENTITY_MISSING, "Study Instance UID"),
                required(dataSet.string(Tag.SeriesInstanceUID), FailureCode.IDENTITY_MISSING, "Series Instance UID"),
                dataSet.string(Tag.PatientID).orElse(""),
                dataSet.string(Tag.IssuerOfPatientID).orElse(""));
    }

    /** Refuses a data set that is not what the sender announced, if anything: PS3.4 Table B.2-1 status A900H. */
    void requireAgreement(InstanceOrigin origin) {
        if (!origin.sopClassUid().isEmpty() && !sopClassUid.equals(origin.sopClassUid())) {
            throw new WalnutException(FailureCode.SOP_CLASS_MISMATCH, "SOP Class UID of data set and command differ");
        }
        if (!origin.sopInstanceUid().isEmpty() && !sopInstanceUid.equals(origin.sopInstanceUid())) {
            throw new WalnutException(
                    FailureCode.SOP_INSTANCE_MISMATCH, "SOP Instance UID of data set and command differ");
        }
    }

    private static String required(Optional<String> value, FailureCode without, String name) {
        return value.filter(text -> !text.isEmpty())
                .orElseThrow(() -> new WalnutException(without, "the data set has no " + name));
    }
}
