package walnut.dicom.net.scu;

import java.nio.file.Path;
import java.util.Optional;
import walnut.dicom.net.dimse.Status;
import walnut.failure.FailureCode;

/**
 * What became of one file: the peer's status, or the reason why none came.
 *
 * @param sopInstanceUid zero-length when the file could not be read
 * @param status the C-STORE response's (0000,0900); -1 when there was none
 * @param failure absent when delivered (0000H, 0111H already there, or a Bxxx warning)
 * @param detail for people: the peer's error comment, or what was expected and found
 */
public record SendOutcome(Path file, String sopInstanceUid, int status, Optional<FailureCode> failure, String detail) {
    public boolean delivered() {
        return failure.isEmpty();
    }

    /** Whether the peer stored it and did something to it, or thinks something is wrong: B000H, B006H, B007H and such. */
    public boolean isWarning() {
        return delivered() && Status.isWarning(status);
    }
}
