package walnut.dicom.net.scp;

import java.time.Duration;
import walnut.failure.FailureCode;

/** Told what happens on the wire, for meters and the audit trail. Called on an event loop: return at once. */
public interface DimseServerListener {
    default void associationAccepted(String callingAeTitle) {}

    default void associationRejected(String callingAeTitle, FailureCode reason) {}

    /** An association ended by release ({@code aborted} false) or by abort, by either side or by the wire. */
    default void associationEnded(String callingAeTitle, boolean aborted) {}

    default void echoed(String callingAeTitle) {}

    /** A C-STORE was answered with this status (0000H for stored) after this time since its command. */
    default void storeAnswered(String callingAeTitle, int status, Duration elapsed) {}
}
