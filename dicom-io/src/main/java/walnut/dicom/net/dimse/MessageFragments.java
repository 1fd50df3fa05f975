package walnut.dicom.net.dimse;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import walnut.dicom.net.pdu.PDataTf;
import walnut.dicom.net.pdu.PresentationDataValue;
import walnut.dicom.net.transport.WireBytes;

/** Splits what is to be sent into P-DATA-TF PDUs that obey the peer's maximum length; one value in each. */
public final class MessageFragments {
    /** A peer below this cannot be served sensibly: not even a UID fits. */
    public static final int SMALLEST_MAXIMUM_LENGTH = 128;

    /** What a value costs beside its fragment: length, context ID and control header, PS3.8 Table 9-23. */
    private static final int VALUE_OVERHEAD = 6;

    /** Used for a peer without limit, so that one PDU neither blocks the wire nor fills memory. */
    private static final int LONGEST_PDU = 131072;

    private MessageFragments() {}

    /** Longest fragment for a peer that announced this maximum length (0 for none). */
    public static int longestFragment(long peerMaximumLength) {
        long limit = peerMaximumLength == 0 ? LONGEST_PDU : Math.min(peerMaximumLength, LONGEST_PDU);
        // Even, as all fragments but a last one should be (PS3.8 Annex E).
        return (int) Math.max(2, limit - VALUE_OVERHEAD) & ~1;
    }

    public static List<PDataTf> ofCommand(int presentationContextId, CommandSet command, int longestFragment) {
        byte[] bytes = command.write();
        List<PDataTf> fragments = new ArrayList<>(1);
        for (int at = 0; at < bytes.length; at += longestFragment) {
            int length = Math.min(longestFragment, bytes.length - at);
            boolean last = at + length == bytes.length;
            WireBytes data = WireBytes.wrap(ByteBuffer.wrap(bytes, at, length));
            fragments.add(new PDataTf(List.of(new PresentationDataValue(presentationContextId, true, last, data))));
        }
        return fragments;
    }

    /** One fragment of a data set, no longer than {@link #longestFragment}. */
    public static PDataTf ofData(int presentationContextId, ByteBuffer fragment, boolean last) {
        return new PDataTf(
                List.of(new PresentationDataValue(presentationContextId, false, last, WireBytes.wrap(fragment))));
    }
}
