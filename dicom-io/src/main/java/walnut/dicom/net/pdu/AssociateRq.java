package walnut.dicom.net.pdu;

import java.util.List;

/**
 * A-ASSOCIATE-RQ: who calls whom, and what for.
 *
 * @param protocolVersion bit field; bit 0 is version 1, the only one there is
 * @param applicationContext zero-length when the peer left it out
 */
public record AssociateRq(
        int protocolVersion,
        String calledAeTitle,
        String callingAeTitle,
        String applicationContext,
        List<ProposedContext> presentationContexts,
        UserInformation userInformation)
        implements Pdu {
    /** DICOM Application Context Name. */
    public static final String DICOM_APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1";

    public AssociateRq {
        presentationContexts = List.copyOf(presentationContexts);
    }

    public AssociateRq(
            String calledAeTitle,
            String callingAeTitle,
            List<ProposedContext> presentationContexts,
            UserInformation userInformation) {
        this(1, calledAeTitle, callingAeTitle, DICOM_APPLICATION_CONTEXT, presentationContexts, userInformation);
    }

    @Override
    public PduType type() {
        return PduType.A_ASSOCIATE_RQ;
    }
}
