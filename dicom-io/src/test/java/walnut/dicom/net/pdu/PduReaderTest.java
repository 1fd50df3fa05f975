package walnut.dicom.net.pdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import walnut.dicom.net.transport.WireBytes;

class PduReaderTest {
    /** An A-ASSOCIATE-RQ as echoscu sends it, typed field by field from PS3.8 Table 9-11. */
    private static final byte[] ECHO_REQUEST = new Hex()
            .hex("0001") //                              Protocol-version
            .hex("0000") //                              Reserved
            .text("WALNUT          ") //                 Called-AE-title
            .text("ECHOSCU         ") //                 Calling-AE-title
            .zeros(32) //                                Reserved
            .hex("10 00 0015") //                        Application context item, length 21
            .text("1.2.840.10008.3.1.1.1")
            .hex("20 00 002e") //                        Presentation context item, length 46
            .hex("01 00 00 00") //                       Presentation-context-ID 1, reserved
            .hex("30 00 0011") //                        Abstract syntax sub-item, length 17
            .text("1.2.840.10008.1.1")
            .hex("40 00 0011") //                        Transfer syntax sub-item, length 17
            .text("1.2.840.10008.1.2")
            .hex("50 00 003a") //                        User information item, length 58
            .hex("51 00 0004 00004000") //               Maximum length 16384
            .hex("52 00 001b") //                        Implementation class UID, length 27
            .text("1.2.276.0.7230010.3.0.3.6.7")
            .hex("53 00 0004 0010 0001") //              Operations window: 16 invoked, 1 performed
            .hex("55 00 0007") //                        Implementation version name, length 7
            .text("OFFIS_3")
            .bytes();

    @Test
    void reads_an_association_request() throws Exception {
        assertThat(read(PduType.A_ASSOCIATE_RQ, ECHO_REQUEST))
                .isEqualTo(new AssociateRq(
                        1,
                        "WALNUT",
                        "ECHOSCU",
                        "1.2.840.10008.3.1.1.1",
                        List.of(new ProposedContext(1, "1.2.840.10008.1.1", List.of("1.2.840.10008.1.2"))),
                        new UserInformation(
                                16384,
                                "1.2.276.0.7230010.3.0.3.6.7",
                                "OFFIS_3",
                                Optional.of(new OperationsWindow(16, 1)))));
    }

    @Test
    void skips_items_it_does_not_know() throws Exception {
        byte[] body = new Hex()
                .raw(ECHO_REQUEST)
                .hex("77 00 0003 010203") // an item of no known type, after all others
                .bytes();
        assertThat(read(PduType.A_ASSOCIATE_RQ, body)).isEqualTo(read(PduType.A_ASSOCIATE_RQ, ECHO_REQUEST));
    }

    @Test
    void reads_an_association_answer() throws Exception {
        byte[] body = new Hex()
                .hex("0001 0000")
                .text("WALNUT          ")
                .text("ECHOSCU         ")
                .zeros(32)
                .hex("21 00 0019") //                    Presentation context item, length 25
                .hex("03 00 04 00") //                   ID 3, result 4: transfer syntaxes not supported
                .hex("40 00 0011")
                .text("1.2.840.10008.1.2")
                .hex("50 00 0008 51 00 0004 00000000") // Maximum length 0: no limit
                .bytes();
        AssociateAc ac = (AssociateAc) read(PduType.A_ASSOCIATE_AC, body);
        assertThat(ac.presentationContexts()).containsExactly(new AnsweredContext(3, 4, "1.2.840.10008.1.2"));
        assertThat(ac.userInformation().maximumLength()).isZero();
        assertThat(ac.userInformation().operationsWindow()).isEmpty();
    }

    @Test
    void reads_the_short_pdus() throws Exception {
        // Reserved, result 2 (transient), source 3 (presentation), reason 2 (local limit exceeded)
        assertThat(read(PduType.A_ASSOCIATE_RJ, new Hex().hex("00 02 03 02").bytes()))
                .isEqualTo(AssociateRj.LOCAL_LIMIT_EXCEEDED);
        assertThat(read(PduType.A_RELEASE_RQ, new byte[4])).isEqualTo(new ReleaseRq());
        assertThat(read(PduType.A_RELEASE_RP, new byte[4])).isEqualTo(new ReleaseRp());
        // Two reserved, source 2 (service-provider), reason 1 (unrecognized PDU)
        assertThat(read(PduType.A_ABORT, new Hex().hex("00 00 02 01").bytes()))
                .isEqualTo(new Abort(Abort.SERVICE_PROVIDER, Abort.UNRECOGNIZED_PDU));
    }

    @Test
    void reads_two_values_of_one_p_data_tf() throws Exception {
        byte[] body = new Hex()
                .hex("00000004 05 03 aabb") // length 4, context 5, command and last, two bytes
                .hex("00000003 07 00 cc") //   length 3, context 7, data set and not last, one byte
                .bytes();
        PDataTf data = (PDataTf) read(PduType.P_DATA_TF, body);
        assertThat(data.values())
                .containsExactly(
                        new PresentationDataValue(5, true, true, WireBytes.wrap(new byte[] {(byte) 0xaa, (byte) 0xbb})),
                        new PresentationDataValue(7, false, false, WireBytes.wrap(new byte[] {(byte) 0xcc})));
    }

    @Test
    void refuses_an_item_longer_than_what_is_left() {
        byte[] body = ECHO_REQUEST.clone();
        body[70] = (byte) 0xff; // the application context's length
        assertRefused(PduType.A_ASSOCIATE_RQ, body, "expected");
    }

    @Test
    void refuses_a_sub_item_that_reaches_beyond_its_item() {
        byte[] body = ECHO_REQUEST.clone();
        body[68 + 4 + 21 + 4 + 4 + 3] = 0x70; // the abstract syntax's length, within the PDU but not its context
        assertRefused(PduType.A_ASSOCIATE_RQ, body, "expected");
    }

    @Test
    void refuses_an_association_request_truncated_at_any_byte_within_an_item() {
        int whole = 0;
        for (int length = 0; length < ECHO_REQUEST.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(ECHO_REQUEST, length);
            try {
                read(PduType.A_ASSOCIATE_RQ, cut);
                whole++;
            } catch (InvalidPduException e) {
                assertThat(e.abortReason()).isEqualTo(Abort.INVALID_PDU_PARAMETER_VALUE);
            }
        }
        // Only cuts between top-level items leave something that can be read: none, one or two of them.
        assertThat(whole).isEqualTo(3);
    }

    @Test
    void refuses_even_and_repeated_context_ids() {
        byte[] even = ECHO_REQUEST.clone();
        even[68 + 4 + 21 + 4] = 2;
        assertRefused(PduType.A_ASSOCIATE_RQ, even, "must be odd");
        byte[] context = java.util.Arrays.copyOfRange(ECHO_REQUEST, 93, 93 + 50);
        assertRefused(
                PduType.A_ASSOCIATE_RQ, new Hex().raw(ECHO_REQUEST).raw(context).bytes(), "occurs twice");
    }

    @Test
    void refuses_values_whose_length_lies() {
        for (String body : List.of(
                "", //                       no value at all
                "000000", //                 ends within the length
                "00000001 01 00", //         too short to hold context and control header
                "00000005 01 00 aabb", //    one byte more than there is
                "ffffffff 01 00 aabb", //    four gigabytes
                "80000002 01 00 aabb", //    negative, if read as signed
                "00000004 01 00 aabb 00")) { // a whole value, then a rest that is none
            assertRefused(PduType.P_DATA_TF, new Hex().hex(body).bytes(), "");
        }
    }

    @Test
    void refuses_short_pdus_of_another_length() {
        for (PduType type :
                List.of(PduType.A_ASSOCIATE_RJ, PduType.A_RELEASE_RQ, PduType.A_RELEASE_RP, PduType.A_ABORT)) {
            assertRefused(type, new byte[3], "expected length 4");
        }
    }

    private static Pdu read(PduType type, byte[] body) throws InvalidPduException {
        return PduReader.read(type, WireBytes.wrap(body));
    }

    private static void assertRefused(PduType type, byte[] body, String message) {
        assertThatThrownBy(() -> read(type, body))
                .isInstanceOf(InvalidPduException.class)
                .hasMessageContaining(message);
    }

    /** Bytes written as the standard's tables show them. */
    private static final class Hex {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Hex hex(String digits) {
            return raw(HexFormat.of().parseHex(digits.replace(" ", "")));
        }

        Hex text(String text) {
            return raw(text.getBytes(StandardCharsets.US_ASCII));
        }

        Hex zeros(int count) {
            return raw(new byte[count]);
        }

        Hex raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
