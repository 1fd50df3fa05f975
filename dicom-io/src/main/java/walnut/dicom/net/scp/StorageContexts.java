package walnut.dicom.net.scp;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import walnut.dicom.data.NonPatientObject;
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

    /** Storage SOP classes for patient objects that live elsewhere; the last four are long retired. */
    private static final Set<String> STORAGE_ELSEWHERE = Set.of(
            Uid.RTBeamsDeliveryInstructionStorage,
            Uid.RTBrachyApplicationSetupDeliveryInstructionStorage,
            Uid.RTBeamsDeliveryInstructionStorageTrial,
            Uid.StoredPrintStorage,
            Uid.HardcopyGrayscaleImageStorage,
            Uid.HardcopyColorImageStorage);

    /** Services that share the root with the objects they are about; nothing is stored by them. */
    private static final Set<String> NO_STORAGE = Set.of(
            Uid.ProtocolApprovalInformationModelFind,
            Uid.ProtocolApprovalInformationModelMove,
            Uid.ProtocolApprovalInformationModelGet,
            Uid.InventoryFind,
            Uid.InventoryMove,
            Uid.InventoryGet,
            Uid.InventoryCreation,
            Uid.RepositoryQuery);

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
        return (sopClassUid.startsWith(STORAGE_ROOT) && !NO_STORAGE.contains(sopClassUid))
                || NonPatientObject.isSopClass(sopClassUid)
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
