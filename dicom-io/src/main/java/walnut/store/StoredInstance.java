package walnut.store;

import java.util.Objects;
import java.util.regex.Pattern;
import walnut.dicom.data.NonPatientObject;

/**
 * One SOP instance on disk: who it is, where its file lies, and the digest that tells a resend from a conflict.
 *
 * <p>Identity is ({@code sopInstanceUid}, {@code datasetSha256}). UIDs and patient are those of the data set, not of the
 * command that carried it. Zero-length text means that the sender left the attribute out or empty, as DICOM writes it. Study and
 * series are zero-length for objects that belong to no patient ({@link NonPatientObject}), and for those only.
 *
 * @param file path relative to the data directory, with {@code /}; holds no patient identifier
 * @param size bytes of the whole file, preamble and group 0002 included
 * @param datasetSha256 lower-case hex SHA-256 of the data set bytes as received, without preamble and group 0002
 * @param receivedAt microseconds UTC since the epoch at which the first byte was accepted; strictly increasing within
 *     one data directory, so it also orders instances and names their files
 * @param callingAeTitle who sent it; zero-length when it did not come through an association
 */
public record StoredInstance(
        String sopInstanceUid,
        String sopClassUid,
        String seriesInstanceUid,
        String studyInstanceUid,
        String transferSyntaxUid,
        String patientId,
        String issuerOfPatientId,
        String file,
        long size,
        String datasetSha256,
        long receivedAt,
        String callingAeTitle) {
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    public StoredInstance {
        requireText(sopInstanceUid, "sopInstanceUid");
        requireText(sopClassUid, "sopClassUid");
        if (!NonPatientObject.isSopClass(sopClassUid)) {
            requireText(seriesInstanceUid, "seriesInstanceUid");
            requireText(studyInstanceUid, "studyInstanceUid");
        }
        requireText(transferSyntaxUid, "transferSyntaxUid");
        Objects.requireNonNull(patientId, "patientId");
        Objects.requireNonNull(issuerOfPatientId, "issuerOfPatientId");
        requireText(file, "file");
        if (size <= 0) {
            throw new IllegalArgumentException("size: " + size);
        }
        if (!SHA_256.matcher(datasetSha256).matches()) {
            throw new IllegalArgumentException("datasetSha256 is not lower-case hex SHA-256");
        }
        Objects.requireNonNull(callingAeTitle, "callingAeTitle");
    }

    /** Whether it belongs to a study, and so to a case. */
    public boolean isOfStudy() {
        return !studyInstanceUid.isEmpty();
    }

    private static void requireText(String value, String name) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException(name + " is empty");
        }
    }
}
