package walnut.dicom.net.pdu;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import walnut.dicom.net.transport.WireBytes;

/**
 * Reads the body of a PDU, the bytes after its six-byte header (type, reserved, length). All numbers are big endian and
 * unsigned; every length is compared with what is left before it is believed.
 */
public final class PduReader {
    private static final int ASSOCIATE_FIXED_LENGTH = 68;
    private static final int APPLICATION_CONTEXT = 0x10;
    private static final int PROPOSED_CONTEXT = 0x20;
    private static final int ANSWERED_CONTEXT = 0x21;
    private static final int ABSTRACT_SYNTAX = 0x30;
    private static final int TRANSFER_SYNTAX = 0x40;
    private static final int USER_INFORMATION = 0x50;
    private static final int MAXIMUM_LENGTH = 0x51;
    private static final int IMPLEMENTATION_CLASS_UID = 0x52;
    private static final int OPERATIONS_WINDOW = 0x53;
    private static final int IMPLEMENTATION_VERSION_NAME = 0x55;

    private PduReader() {}

    /** Reads a body; takes ownership of it, and a {@link PDataTf} returned owns its values' bytes. */
    public static Pdu read(PduType type, WireBytes body) throws InvalidPduException {
        try {
            switch (type) {
                case A_ASSOCIATE_RQ:
                    return readAssociateRq(body.toByteArray());
                case A_ASSOCIATE_AC:
                    return readAssociateAc(body.toByteArray());
                case A_ASSOCIATE_RJ:
                    return readAssociateRj(body);
                case P_DATA_TF:
                    return readPDataTf(body);
                case A_RELEASE_RQ:
                    requireLength(body, 4, type);
                    return new ReleaseRq();
                case A_RELEASE_RP:
                    requireLength(body, 4, type);
                    return new ReleaseRp();
                case A_ABORT:
                    return readAbort(body);
            }
            throw new IllegalStateException("no reader for " + type);
        } finally {
            body.release();
        }
    }

    /*
     * PS3.8 Table 9-11, from byte 7
     *  7-8    Protocol-version        bit 0 = version 1
     *  9-10   Reserved
     *  11-26  Called-AE-title         ISO 646, padded with spaces
     *  27-42  Calling-AE-title
     *  43-74  Reserved
     *  75-    Variable items          one application context, 1..n presentation contexts, one user information
     */
    private static AssociateRq readAssociateRq(byte[] body) throws InvalidPduException {
        ItemReader in = associateFixedPart(body);
        String applicationContext = "";
        List<ProposedContext> contexts = new ArrayList<>();
        UserInformation user = new UserInformation(0, "", "", Optional.empty());
        while (in.hasMore()) {
            int itemType = in.nextItem();
            ItemReader item = in.item();
            if (itemType == APPLICATION_CONTEXT) {
                applicationContext = item.text(item.remaining());
            } else if (itemType == PROPOSED_CONTEXT) {
                contexts.add(readProposedContext(item));
            } else if (itemType == USER_INFORMATION) {
                user = readUserInformation(item);
            }
        }
        requireDistinct(contexts.stream().mapToInt(ProposedContext::id).toArray());
        return new AssociateRq(
                ItemReader.unsignedShort(body, 0),
                ItemReader.text(body, 4, 16),
                ItemReader.text(body, 20, 16),
                applicationContext,
                contexts,
                user);
    }

    /*
     * PS3.8 Table 9-17, from byte 7: as A-ASSOCIATE-RQ; the titles are reserved and "shall not be tested".
     */
    private static AssociateAc readAssociateAc(byte[] body) throws InvalidPduException {
        ItemReader in = associateFixedPart(body);
        String applicationContext = "";
        List<AnsweredContext> contexts = new ArrayList<>();
        UserInformation user = new UserInformation(0, "", "", Optional.empty());
        while (in.hasMore()) {
            int itemType = in.nextItem();
            ItemReader item = in.item();
            if (itemType == APPLICATION_CONTEXT) {
                applicationContext = item.text(item.remaining());
            } else if (itemType == ANSWERED_CONTEXT) {
                contexts.add(readAnsweredContext(item));
            } else if (itemType == USER_INFORMATION) {
                user = readUserInformation(item);
            }
        }
        requireDistinct(contexts.stream().mapToInt(AnsweredContext::id).toArray());
        return new AssociateAc(
                ItemReader.unsignedShort(body, 0),
                ItemReader.text(body, 4, 16),
                ItemReader.text(body, 20, 16),
                applicationContext,
                contexts,
                user);
    }

    private static ItemReader associateFixedPart(byte[] body) throws InvalidPduException {
        if (body.length < ASSOCIATE_FIXED_LENGTH) {
            throw new InvalidPduException(
                    Abort.INVALID_PDU_PARAMETER_VALUE,
                    "A-ASSOCIATE body: expected at least " + ASSOCIATE_FIXED_LENGTH + " bytes, found " + body.length);
        }
        return new ItemReader(body, ASSOCIATE_FIXED_LENGTH, body.length);
    }

    /*
     * PS3.8 Table 9-13, from byte 5
     *  5      Presentation-context-ID   odd, 1..255
     *  6-8    Reserved
     *  9-     Sub-items                 one abstract syntax (30H), 1..n transfer syntaxes (40H)
     */
    private static ProposedContext readProposedContext(ItemReader in) throws InvalidPduException {
        int id = readContextId(in);
        in.skip(3);
        String abstractSyntax = "";
        List<String> transferSyntaxes = new ArrayList<>();
        while (in.hasMore()) {
            int itemType = in.nextItem();
            ItemReader item = in.item();
            if (itemType == ABSTRACT_SYNTAX) {
                abstractSyntax = item.text(item.remaining());
            } else if (itemType == TRANSFER_SYNTAX) {
                transferSyntaxes.add(item.text(item.remaining()));
            }
        }
        return new ProposedContext(id, abstractSyntax, transferSyntaxes);
    }

    /*
     * PS3.8 Table 9-18, from byte 5
     *  5      Presentation-context-ID
     *  6      Reserved
     *  7      Result/Reason             0..4
     *  8      Reserved
     *  9-     Sub-item                  one transfer syntax (40H), not tested unless accepted
     */
    private static AnsweredContext readAnsweredContext(ItemReader in) throws InvalidPduException {
        int id = readContextId(in);
        in.skip(1);
        int result = in.unsignedByte();
        in.skip(1);
        String transferSyntax = "";
        while (in.hasMore()) {
            int itemType = in.nextItem();
            ItemReader item = in.item();
            if (itemType == TRANSFER_SYNTAX) {
                transferSyntax = item.text(item.remaining());
            }
        }
        return new AnsweredContext(id, result, transferSyntax);
    }

    private static int readContextId(ItemReader in) throws InvalidPduException {
        int id = in.unsignedByte();
        if (id % 2 == 0) {
            throw new InvalidPduException(
                    Abort.INVALID_PDU_PARAMETER_VALUE, "presentation context ID must be odd, found " + id);
        }
        return id;
    }

    private static void requireDistinct(int[] ids) throws InvalidPduException {
        boolean[] seen = new boolean[256];
        for (int id : ids) {
            if (seen[id]) {
                throw new InvalidPduException(
                        Abort.INVALID_PDU_PARAMETER_VALUE, "presentation context ID " + id + " occurs twice");
            }
            seen[id] = true;
        }
    }

    /*
     * PS3.8 Table 9-16, D.1, PS3.7 Tables D.3-1 to D.3-8; sub-items from byte 5
     *  51H  Maximum-length-received       4 bytes, 0 = no limit
     *  52H  Implementation-class-uid
     *  53H  Maximum-number-operations-invoked (2), -performed (2)
     *  55H  Implementation-version-name   1..16 characters
     */
    private static UserInformation readUserInformation(ItemReader in) throws InvalidPduException {
        long maximumLength = 0;
        String implementationClassUid = "";
        String implementationVersionName = "";
        Optional<OperationsWindow> window = Optional.empty();
        while (in.hasMore()) {
            int itemType = in.nextItem();
            ItemReader item = in.item();
            if (itemType == MAXIMUM_LENGTH) {
                maximumLength = item.unsignedInt();
            } else if (itemType == IMPLEMENTATION_CLASS_UID) {
                implementationClassUid = item.text(item.remaining());
            } else if (itemType == OPERATIONS_WINDOW) {
                window = Optional.of(new OperationsWindow(item.unsignedShort(), item.unsignedShort()));
            } else if (itemType == IMPLEMENTATION_VERSION_NAME) {
                implementationVersionName = item.text(item.remaining());
            }
        }
        return new UserInformation(maximumLength, implementationClassUid, implementationVersionName, window);
    }

    /*
     * PS3.8 Table 9-21, from byte 7
     *  7      Reserved
     *  8      Result      1 permanent, 2 transient
     *  9      Source      1 service-user, 2 provider (ACSE), 3 provider (presentation)
     *  10     Reason
     */
    private static AssociateRj readAssociateRj(WireBytes body) throws InvalidPduException {
        requireLength(body, 4, PduType.A_ASSOCIATE_RJ);
        return new AssociateRj(body.unsignedByte(1), body.unsignedByte(2), body.unsignedByte(3));
    }

    /*
     * PS3.8 Tables 9-22, 9-23; from byte 7 one or more presentation data value items
     *  1-4    Item-length                 of what follows, at least 2
     *  5      Presentation-context-ID     odd
     *  6      Message control header      bit 0 command, bit 1 last fragment (Annex E.2)
     *  7-     Fragment
     */
    private static PDataTf readPDataTf(WireBytes body) throws InvalidPduException {
        List<PresentationDataValue> values = new ArrayList<>(2);
        try {
            int at = 0;
            while (at < body.length()) {
                int left = body.length() - at - 4;
                long length = left >= 2 ? body.unsignedInt(at) : 0;
                if (length < 2 || length > left) {
                    throw new InvalidPduException(
                            Abort.INVALID_PDU_PARAMETER_VALUE,
                            "presentation data value: length " + length + " with " + Math.max(left, 0)
                                    + " bytes left in the P-DATA-TF");
                }
                int control = body.unsignedByte(at + 5);
                values.add(new PresentationDataValue(
                        body.unsignedByte(at + 4),
                        (control & 1) != 0,
                        (control & 2) != 0,
                        body.slice(at + 6, (int) length - 2)));
                at += 4 + (int) length;
            }
            if (values.isEmpty()) {
                throw new InvalidPduException(Abort.INVALID_PDU_PARAMETER_VALUE, "P-DATA-TF without a value");
            }
            return new PDataTf(values);
        } catch (InvalidPduException e) {
            values.forEach(value -> value.data().release());
            throw e;
        }
    }

    /*
     * PS3.8 Table 9-26, from byte 7
     *  7-8    Reserved
     *  9      Source      0 service-user, 2 service-provider
     *  10     Reason/Diag
     */
    private static Abort readAbort(WireBytes body) throws InvalidPduException {
        requireLength(body, 4, PduType.A_ABORT);
        return new Abort(body.unsignedByte(2), body.unsignedByte(3));
    }

    private static void requireLength(WireBytes body, int expected, PduType type) throws InvalidPduException {
        if (body.length() != expected) {
            throw new InvalidPduException(
                    Abort.INVALID_PDU_PARAMETER_VALUE,
                    type + ": expected length " + expected + ", found " + body.length());
        }
    }

    /**
     * Walks variable items (type, reserved, two-byte length, value) that never reach beyond the part of the PDU they
     * were found in.
     */
    private static final class ItemReader {
        private final byte[] bytes;
        private final int end;
        private int at;

        ItemReader(byte[] bytes, int from, int end) {
            this.bytes = bytes;
            this.at = from;
            this.end = end;
        }

        boolean hasMore() {
            return at < end;
        }

        int remaining() {
            return end - at;
        }

        /** The type of the next item; {@link #item} then gives its value. */
        int nextItem() throws InvalidPduException {
            require(4);
            return bytes[at] & 0xff;
        }

        ItemReader item() throws InvalidPduException {
            require(4);
            int length = unsignedShort(bytes, at + 2);
            at += 4;
            require(length);
            ItemReader value = new ItemReader(bytes, at, at + length);
            at += length;
            return value;
        }

        void skip(int count) throws InvalidPduException {
            require(count);
            at += count;
        }

        int unsignedByte() throws InvalidPduException {
            require(1);
            return bytes[at++] & 0xff;
        }

        int unsignedShort() throws InvalidPduException {
            require(2);
            at += 2;
            return unsignedShort(bytes, at - 2);
        }

        long unsignedInt() throws InvalidPduException {
            require(4);
            at += 4;
            return (long) unsignedShort(bytes, at - 4) << 16 | unsignedShort(bytes, at - 2);
        }

        String text(int length) throws InvalidPduException {
            require(length);
            at += length;
            return text(bytes, at - length, length);
        }

        private void require(int count) throws InvalidPduException {
            if (count > end - at) {
                throw new InvalidPduException(
                        Abort.INVALID_PDU_PARAMETER_VALUE,
                        "item: expected " + count + " more bytes, found " + (end - at));
            }
        }

        static int unsignedShort(byte[] bytes, int at) {
            return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
        }

        /** Text without the padding that peers put around it: spaces (AE titles) or, against the rules, NUL. */
        static String text(byte[] bytes, int at, int length) {
            int from = at;
            int to = at + length;
            while (to > from && (bytes[to - 1] == ' ' || bytes[to - 1] == 0)) {
                to--;
            }
            while (from < to && bytes[from] == ' ') {
                from++;
            }
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }
}
