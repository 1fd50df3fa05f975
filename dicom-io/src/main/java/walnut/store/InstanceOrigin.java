package walnut.store;

/**
 * What the sender announced about an object before its bytes: C-STORE's Affected SOP Class and Instance UID, the
 * negotiated transfer syntax, and who it is.
 *
 * <p>{@code sopClassUid} and {@code sopInstanceUid} may be zero-length (STOW-RS announces neither); where given, the
 * data set must agree with them.
 */
public record InstanceOrigin(
        String sopClassUid, String sopInstanceUid, String transferSyntaxUid, String callingAeTitle) {
    public InstanceOrigin {
        if (transferSyntaxUid.isEmpty()) {
            throw new IllegalArgumentException("transferSyntaxUid is empty");
        }
    }
}
