package walnut.dicom.net.association;

import static walnut.dicom.net.association.AssociationState.STA1;
import static walnut.dicom.net.association.AssociationState.STA10;
import static walnut.dicom.net.association.AssociationState.STA11;
import static walnut.dicom.net.association.AssociationState.STA12;
import static walnut.dicom.net.association.AssociationState.STA13;
import static walnut.dicom.net.association.AssociationState.STA2;
import static walnut.dicom.net.association.AssociationState.STA3;
import static walnut.dicom.net.association.AssociationState.STA4;
import static walnut.dicom.net.association.AssociationState.STA5;
import static walnut.dicom.net.association.AssociationState.STA6;
import static walnut.dicom.net.association.AssociationState.STA7;
import static walnut.dicom.net.association.AssociationState.STA8;
import static walnut.dicom.net.association.AssociationState.STA9;

import java.util.Set;

/** Actions of the upper layer protocol machine, PS3.8 Tables 9-6 to 9-9, with the states they lead to. */
public enum AssociationAction {
    /** Issue TRANSPORT CONNECT request. */
    AE_1(STA4),
    /** Send A-ASSOCIATE-RQ. */
    AE_2(STA5),
    /** Issue A-ASSOCIATE confirmation (accept). */
    AE_3(STA6),
    /** Issue A-ASSOCIATE confirmation (reject) and close the transport connection. */
    AE_4(STA1),
    /** Issue transport connection response; start ARTIM. */
    AE_5(STA2),
    /** Stop ARTIM; issue A-ASSOCIATE indication, or send A-ASSOCIATE-RJ and start ARTIM if not acceptable. */
    AE_6(STA3, STA13),
    /** Send A-ASSOCIATE-AC. */
    AE_7(STA6),
    /** Send A-ASSOCIATE-RJ; start ARTIM. */
    AE_8(STA13),
    /** Send P-DATA-TF. */
    DT_1(STA6),
    /** Issue P-DATA indication. */
    DT_2(STA6),
    /** Send A-RELEASE-RQ. */
    AR_1(STA7),
    /** Issue A-RELEASE indication. */
    AR_2(STA8),
    /** Issue A-RELEASE confirmation and close the transport connection. */
    AR_3(STA1),
    /** Send A-RELEASE-RP; start ARTIM. */
    AR_4(STA13),
    /** Stop ARTIM. */
    AR_5(STA1),
    /** Issue P-DATA indication. */
    AR_6(STA7),
    /** Send P-DATA-TF. */
    AR_7(STA8),
    /** Issue A-RELEASE indication (collision): the requestor to STA9, the acceptor to STA10. */
    AR_8(STA9, STA10),
    /** Send A-RELEASE-RP. */
    AR_9(STA11),
    /** Issue A-RELEASE confirmation. */
    AR_10(STA12),
    /** Send A-ABORT (service-user source); start or restart ARTIM. */
    AA_1(STA13),
    /** Stop ARTIM if running; close the transport connection. */
    AA_2(STA1),
    /** Issue A-ABORT or A-P-ABORT indication, by the source of the abort; close the transport connection. */
    AA_3(STA1),
    /** Issue A-P-ABORT indication. */
    AA_4(STA1),
    /** Stop ARTIM. */
    AA_5(STA1),
    /** Ignore the PDU. */
    AA_6(STA13),
    /** Send A-ABORT. */
    AA_7(STA13),
    /** Send A-ABORT (service-provider source); issue A-P-ABORT indication; start ARTIM. */
    AA_8(STA13);

    private final Set<AssociationState> nextStates;

    AssociationAction(AssociationState... nextStates) {
        this.nextStates = Set.of(nextStates);
    }

    /** One state, except for AE_6 and AR_8, where what was received or who we are decides between two. */
    public Set<AssociationState> nextStates() {
        return nextStates;
    }

    AssociationState nextState() {
        if (nextStates.size() != 1) {
            throw new IllegalStateException(this + " leads to one of " + nextStates);
        }
        return nextStates.iterator().next();
    }
}
