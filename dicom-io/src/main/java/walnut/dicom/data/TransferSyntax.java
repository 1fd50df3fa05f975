package walnut.dicom.data;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a data set is laid out in bytes (PS3.5 chapter 10 and annex A).
 *
 * @param explicitVr whether each element names its VR
 * @param bigEndian whether numbers have their most significant byte first
 * @param deflated whether the whole data set is compressed (RFC 1951)
 * @param encapsulated whether pixel data come as a sequence of fragments
 */
public record TransferSyntax(
        String uid, String name, boolean explicitVr, boolean bigEndian, boolean deflated, boolean encapsulated) {

    /** Not for files or C-STORE: MIME and XML wrappings, live video over RTP, and a syntax that was never DICOM's. */
    private static final Set<String> NOT_A_DATA_SET = Set.of(
            Uid.RFC2557MIMEEncapsulation,
            Uid.XMLEncoding,
            Uid.SMPTEST211020UncompressedProgressiveActiveVideo,
            Uid.SMPTEST211020UncompressedInterlacedActiveVideo,
            Uid.SMPTEST211030PCMDigitalAudio);

    private static final Map<String, TransferSyntax> KNOWN = new LinkedHashMap<>();

    static {
        for (UidRegistry.Entry entry : UidRegistry.ofKind("Transfer Syntax")) {
            if (!NOT_A_DATA_SET.contains(entry.uid())) {
                KNOWN.put(entry.uid(), describe(entry.uid(), entry.name()));
            }
        }
    }

    public static final TransferSyntax IMPLICIT_VR_LITTLE_ENDIAN = known(Uid.ImplicitVRLittleEndian);
    public static final TransferSyntax EXPLICIT_VR_LITTLE_ENDIAN = known(Uid.ExplicitVRLittleEndian);
    public static final TransferSyntax EXPLICIT_VR_BIG_ENDIAN = known(Uid.ExplicitVRBigEndian);
    public static final TransferSyntax DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN = known(Uid.DeflatedExplicitVRLittleEndian);

    private static TransferSyntax describe(String uid, String name) {
        return switch (uid) {
            case Uid.ImplicitVRLittleEndian, Uid.Papyrus3ImplicitVRLittleEndian ->
                new TransferSyntax(uid, name, false, false, false, false);
            case Uid.ExplicitVRLittleEndian, Uid.JPIPReferenced, Uid.JPIPHTJ2KReferenced ->
                new TransferSyntax(uid, name, true, false, false, false);
            case Uid.ExplicitVRBigEndian -> new TransferSyntax(uid, name, true, true, false, false);
            case Uid.DeflatedExplicitVRLittleEndian, Uid.JPIPReferencedDeflate, Uid.JPIPHTJ2KReferencedDeflate ->
                new TransferSyntax(uid, name, true, false, true, false);
            // PS3.5 A.4: every compressed syntax is Explicit VR Little Endian around its fragments.
            default -> new TransferSyntax(uid, name, true, false, false, true);
        };
    }

    private static TransferSyntax known(String uid) {
        TransferSyntax syntax = KNOWN.get(uid);
        if (syntax == null) {
            throw new IllegalStateException("not in uids.tsv: " + uid);
        }
        return syntax;
    }

    /** The transfer syntax of this UID, if it is one of the standard's that can carry a data set. */
    public static Optional<TransferSyntax> of(String uid) {
        return Optional.ofNullable(KNOWN.get(uid));
    }

    /** Every transfer syntax that can be received and kept, in the standard's order. */
    public static Collection<TransferSyntax> all() {
        return Collections.unmodifiableCollection(KNOWN.values());
    }

    @Override
    public String toString() {
        return name + " (" + uid + ")";
    }
}
