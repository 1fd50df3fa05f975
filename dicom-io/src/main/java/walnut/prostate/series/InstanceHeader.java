package walnut.prostate.series;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * What one file says without its pixels. Texts are "" where absent.
 *
 * @param patient who it is of; used to notice that a study holds two people, and never shown
 * @param protocolName ProtocolName (0018,1030)
 * @param frames one for a classic instance
 */
public record InstanceHeader(
        Path file,
        String sopInstanceUid,
        String sopClassUid,
        String studyInstanceUid,
        String seriesInstanceUid,
        OptionalInt seriesNumber,
        String seriesDescription,
        String protocolName,
        String modality,
        String manufacturer,
        String frameOfReferenceUid,
        PatientMarks patient,
        List<Frame> frames) {

    public InstanceHeader {
        frames = List.copyOf(frames);
    }

    /** Who the image is of. Every file of a study must agree; "" where a file does not say. */
    public record PatientMarks(String issuerOfPatientId, String patientId, String birthDate, String sex) {
        /** No value: these identify a person. */
        @Override
        public String toString() {
            return "PatientMarks";
        }
    }
}
