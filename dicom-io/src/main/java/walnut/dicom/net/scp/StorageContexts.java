package walnut.dicom.net.scp;

import java.util.List;
import java.util.Optional;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Uid;
import walnut.dicom.net.pdu.AnsweredContext;
import walnut.dicom.net.pdu.ProposedContext;

/**
 * Which presentation contexts are accepted: Verification, and every Storage SOP class in every transfer syntax of the
 * standard, as the sender prefers it. Refusing one class of a study makes some senders fail all of it.
 */
final class StorageContexts {
    /** The root below which PS3.4 Annex B.5 puts Storage SOP classes for patient objects. */
    private static final String STORAGE_ROOT = "1.2.840.10008.5.1.4.1.1.";

    /** Storage SOP classes that live elsewhere: radiotherapy delivery instructions. */
    private static final List<String> STORAGE_ELSEWHERE =
            List.of("1.2.840.10008.5.1.4.34.7", "1.2.840.10008.5.1.4.34.10");

    /** Everything of the standard itself; what lies outside is a vendor's own, and in practice an image. */
    private static final String DICOM_ROOT = "1.2.840.10008.";

    private StorageContexts() {}

    static AnsweredContext answer(ProposedContext proposed) {
        String sopClass = proposed.abstractSyntax();
        if (!isVerification(sopClass) && !isStorage(sopClass)) {
            return refused(proposed, AnsweredContext.ABSTRACT_SYNTAX_NOT_SUPPORTED);
        }
        return choose(proposed.transferSyntaxes())
                .map(uid -> new AnsweredContext(proposed.id(), AnsweredContext.ACCEPTANCE, uid))
                .orElseGet(() -> refused(proposed, AnsweredContext.TRANSFER_SYNTAXES_NOT_SUPPORTED));
    }

    static boolean isVerification(String sopClassUid) {
        return sopClassUid.equals(Uid.Verification);
    }

    static boolean isStorage(String sopClassUid) {
        return sopClassUid.startsWith(STORAGE_ROOT)
                || STORAGE_ELSEWHERE.contains(sopClassUid)
                || (!sopClassUid.isEmpty() && !sopClassUid.startsWith(DICOM_ROOT));
    }

    /** The sender's first, so that it need not transcode; retired big endian only when it offers nothing else. */
    private static Optional<String> choose(List<String> proposed) {
        Optional<String> preferred = proposed.stream()
                .filter(uid -> TransferSyntax.of(uid).isPresent() && !uid.equals(Uid.ExplicitVRBigEndian))
                .findFirst();
        return preferred.or(
                () -> proposed.stream().filter(Uid.ExplicitVRBigEndian::equals).findFirst());
    }

    private static AnsweredContext refused(ProposedContext proposed, int result) {
        // The transfer syntax is not significant here, but the item must hold one.
        return new AnsweredContext(proposed.id(), result, Uid.ImplicitVRLittleEndian);
    }
}
