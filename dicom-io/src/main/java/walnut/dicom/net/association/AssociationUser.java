package walnut.dicom.net.association;

import walnut.dicom.net.pdu.AssociateAc;
import walnut.dicom.net.pdu.AssociateRj;
import walnut.dicom.net.pdu.AssociateRq;
import walnut.dicom.net.pdu.PDataTf;

/**
 * The service user above the upper layer: receives indications and confirmations (PS3.8 section 7). All calls come on
 * the association's event loop; after a rejection, a confirmed release or an abort only {@link #disconnected} follows.
 */
public interface AssociationUser {
    /** An association is wanted; answer with {@link Association#accept} or {@link Association#reject}. */
    default void associationIndicated(AssociateRq request) {
        throw new IllegalStateException("a requestor is not asked for an association");
    }

    default void associationAccepted(AssociateAc answer) {
        throw new IllegalStateException("an acceptor is not answered");
    }

    default void associationRejected(AssociateRj answer) {
        throw new IllegalStateException("an acceptor is not answered");
    }

    /** Data came; the receiver owns the bytes. */
    void dataIndicated(PDataTf data);

    /** The peer wants to release; answer with {@link Association#respondToRelease} when nothing is outstanding. */
    void releaseIndicated();

    /** The peer agreed to our release. */
    void releaseConfirmed();

    /**
     * The association ended without release.
     *
     * @param reason in words, without anything the peer sent
     */
    void aborted(AbortCause cause, String reason);

    /** The connection is gone, whatever happened before; always the last call, and the only one without a request. */
    default void disconnected() {}

    /** Who ended it. */
    enum AbortCause {
        /** The peer's user: A-ABORT with source 0. */
        PEER,
        /** The peer's upper layer, or ours: a protocol violation. */
        PROTOCOL,
        /** The connection went away. */
        TRANSPORT
    }
}
