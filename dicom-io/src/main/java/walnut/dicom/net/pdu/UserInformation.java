package walnut.dicom.net.pdu;

import java.util.Optional;
import walnut.dicom.part10.Implementation;

/**
 * The user information item, as far as we negotiate: sub-items 51H, 52H, 53H and 55H. Others are skipped, as PS3.7
 * Annex D.3.3 asks of those who do not support them.
 *
 * @param maximumLength longest P-DATA-TF body its sender will receive; 0 means no limit
 * @param implementationClassUid zero-length when the peer left it out
 * @param implementationVersionName zero-length when the peer left it out
 */
public record UserInformation(
        long maximumLength,
        String implementationClassUid,
        String implementationVersionName,
        Optional<OperationsWindow> operationsWindow) {

    /** What we say of ourselves. */
    public static UserInformation walnut(long maximumLength, Optional<OperationsWindow> operationsWindow) {
        return new UserInformation(
                maximumLength, Implementation.CLASS_UID, Implementation.VERSION_NAME, operationsWindow);
    }
}
