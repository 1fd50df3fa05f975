package walnut.dicom.net.pdu;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import walnut.dicom.net.transport.WireBytes;

/** Writes PDUs; the mirror of {@link PduReader}, where the field tables stand. */
public final class PduWriter {
    private PduWriter() {}

    /** The whole PDU, header included; takes ownership of a {@link PDataTf}'s bytes, which are not copied. */
    public static WireBytes write(Pdu pdu) {
        if (pdu instanceof PDataTf) {
            return writePDataTf((PDataTf) pdu);
        }
        byte[] body = body(pdu);
        Output out = new Output();
        out.header(pdu.type(), body.length);
        out.writeBytes(body);
        return WireBytes.wrap(out.toByteArray());
    }

    private static byte[] body(Pdu pdu) {
        Output out = new Output();
        if (pdu instanceof AssociateRq) {
            AssociateRq rq = (AssociateRq) pdu;
            out.associateFixedPart(rq.protocolVersion(), rq.calledAeTitle(), rq.callingAeTitle());
            out.item(0x10, ascii(rq.applicationContext()));
            rq.presentationContexts().forEach(context -> out.item(0x20, proposedContext(context)));
            out.item(0x50, userInformation(rq.userInformation()));
        } else if (pdu instanceof AssociateAc) {
            AssociateAc ac = (AssociateAc) pdu;
            out.associateFixedPart(ac.protocolVersion(), ac.calledAeTitle(), ac.callingAeTitle());
            out.item(0x10, ascii(ac.applicationContext()));
            ac.presentationContexts().forEach(context -> out.item(0x21, answeredContext(context)));
            out.item(0x50, userInformation(ac.userInformation()));
        } else if (pdu instanceof AssociateRj) {
            AssociateRj rj = (AssociateRj) pdu;
            out.fourBytes(0, rj.result(), rj.source(), rj.reason());
        } else if (pdu instanceof Abort) {
            Abort abort = (Abort) pdu;
            out.fourBytes(0, 0, abort.source(), abort.reason());
        } else {
            out.fourBytes(0, 0, 0, 0);
        }
        return out.toByteArray();
    }

    private static byte[] proposedContext(ProposedContext context) {
        Output out = new Output();
        out.fourBytes(context.id(), 0, 0, 0);
        out.item(0x30, ascii(context.abstractSyntax()));
        context.transferSyntaxes().forEach(uid -> out.item(0x40, ascii(uid)));
        return out.toByteArray();
    }

    private static byte[] answeredContext(AnsweredContext context) {
        Output out = new Output();
        out.fourBytes(context.id(), 0, context.result(), 0);
        out.item(0x40, ascii(context.transferSyntax()));
        return out.toByteArray();
    }

    private static byte[] userInformation(UserInformation user) {
        Output out = new Output();
        Output maximumLength = new Output();
        maximumLength.unsignedInt(user.maximumLength());
        out.item(0x51, maximumLength.toByteArray());
        if (!user.implementationClassUid().isEmpty()) {
            out.item(0x52, ascii(user.implementationClassUid()));
        }
        user.operationsWindow().ifPresent(window -> {
            Output value = new Output();
            value.unsignedShort(window.invoked());
            value.unsignedShort(window.performed());
            out.item(0x53, value.toByteArray());
        });
        if (!user.implementationVersionName().isEmpty()) {
            out.item(0x55, ascii(user.implementationVersionName()));
        }
        return out.toByteArray();
    }

    private static WireBytes writePDataTf(PDataTf pdu) {
        int length = pdu.values().stream()
                .mapToInt(value -> 6 + value.data().length())
                .sum();
        List<WireBytes> parts = new ArrayList<>();
        Output head = new Output();
        head.header(PduType.P_DATA_TF, length);
        for (PresentationDataValue value : pdu.values()) {
            head.unsignedInt(2 + value.data().length());
            head.write(value.presentationContextId());
            head.write((value.command() ? 1 : 0) | (value.last() ? 2 : 0));
            parts.add(WireBytes.wrap(head.toByteArray()));
            parts.add(value.data());
            head = new Output();
        }
        return WireBytes.concat(parts);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Big-endian output of the fields that PDUs are made of. */
    private static final class Output extends ByteArrayOutputStream {

        void header(PduType type, int length) {
            write(type.code());
            write(0);
            unsignedInt(length);
        }

        void associateFixedPart(int protocolVersion, String calledAeTitle, String callingAeTitle) {
            unsignedShort(protocolVersion);
            unsignedShort(0);
            aeTitle(calledAeTitle);
            aeTitle(callingAeTitle);
            writeBytes(new byte[32]);
        }

        private void aeTitle(String title) {
            byte[] text = ascii(title);
            if (text.length > 16) {
                throw new IllegalArgumentException("AE title longer than 16 characters: " + text.length);
            }
            writeBytes(text);
            for (int i = text.length; i < 16; i++) {
                write(' ');
            }
        }

        void item(int type, byte[] value) {
            if (value.length > 0xffff) {
                throw new IllegalArgumentException("item longer than 65535 bytes: " + value.length);
            }
            write(type);
            write(0);
            unsignedShort(value.length);
            writeBytes(value);
        }

        void fourBytes(int first, int second, int third, int fourth) {
            write(first);
            write(second);
            write(third);
            write(fourth);
        }

        void unsignedShort(int value) {
            write(value >>> 8);
            write(value);
        }

        void unsignedInt(long value) {
            unsignedShort((int) (value >>> 16));
            unsignedShort((int) value);
        }
    }
}
