package walnut.store;

import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.util.List;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Uid;
import walnut.dicom.part10.DataSetWriter;
import walnut.testing.MrInstances;

/** Objects as a sender hands them over, and one small run that meets every way an object can turn out. */
final class Deliveries {
    /** @param number of the image in its series, which fixes its SOP Instance UID */
    record Delivery(int number, String transferSyntaxUid, byte[] dataSet) {
        String sopInstanceUid() {
            return MrInstances.sopInstanceUid(number);
        }

        Future<StoredInstance> to(InstanceStore store, int chunk) {
            InstanceWriter writer =
                    store.begin(new InstanceOrigin(Uid.MRImageStorage, sopInstanceUid(), transferSyntaxUid, "SENDER"));
            for (int at = 0; at < dataSet.length; at += chunk) {
                writer.write(List.of(ByteBuffer.wrap(dataSet, at, Math.min(chunk, dataSet.length - at))));
            }
            return writer.commit();
        }
    }

    private Deliveries() {}

    static Delivery image(int number, int pixelSeed) {
        return of(number, image(number, pixelSeed, "WALNUT-TEST-1"), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }

    static Delivery inImplicitVr(int number, int pixelSeed) {
        return of(number, image(number, pixelSeed, "WALNUT-TEST-1"), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
    }

    static Delivery ofPatient(int number, int pixelSeed, String patientId) {
        return of(number, image(number, pixelSeed, patientId), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
    }

    private static DataSet image(int number, int pixelSeed, String patientId) {
        return MrInstances.image(number, 256, pixelSeed).toBuilder()
                .putString(Tag.PatientID, patientId)
                .build();
    }

    static Delivery of(int number, DataSet dataSet, TransferSyntax syntax) {
        return new Delivery(number, syntax.uid(), DataSetWriter.toBytes(dataSet, syntax));
    }

    /** New images, a resend, a resend in another encoding, a corrected header, other pixels, and no data set at all. */
    static List<Delivery> everyKind() {
        return List.of(
                image(1, 1),
                image(2, 2),
                image(1, 1),
                inImplicitVr(2, 2),
                ofPatient(1, 1, "WALNUT-TEST-2"),
                image(3, 3),
                image(3, 33),
                new Delivery(4, Uid.ExplicitVRLittleEndian, new byte[700]),
                image(5, 5));
    }
}
