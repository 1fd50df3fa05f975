package walnut.dicom.net.pdu;

import java.util.List;

/** A-ASSOCIATE-AC: the answer to each proposed presentation context. Titles repeat the request's, unchecked. */
public record AssociateAc(
        int protocolVersion,
        String calledAeTitle,
        String callingAeTitle,
        String applicationContext,
        List<AnsweredContext> presentationContexts,
        UserInformation userInformation)
        implements Pdu {

    public AssociateAc {
        presentationContexts = List.copyOf(presentationContexts);
    }

    /** The answer to a request. */
    public AssociateAc(AssociateRq request, List<AnsweredContext> presentationContexts, UserInformation answer) {
        this(
                1,
                request.calledAeTitle(),
                request.callingAeTitle(),
                AssociateRq.DICOM_APPLICATION_CONTEXT,
                presentationContexts,
                answer);
    }

    @Override
    public PduType type() {
        return PduType.A_ASSOCIATE_AC;
    }
}
