package walnut.dicom.net.pdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import walnut.dicom.net.transport.WireBytes;

class PduFramerTest {
    private static final int MAXIMUM_PDU_LENGTH = 4096;

    @Property(tries = 300)
    void what_the_writer_wrote_comes_back_however_it_is_cut(
            @ForAll("pdus") List<Pdu> pdus, @ForAll @IntRange(min = 1, max = 700) int piece) throws Exception {
        List<byte[]> written = new ArrayList<>();
        for (Pdu pdu : pdus) {
            written.add(PduWriter.write(pdu).toByteArray());
        }
        byte[] stream = concat(written);
        PduFramer framer = new PduFramer(MAXIMUM_PDU_LENGTH);
        List<Pdu> read = new ArrayList<>();
        for (int at = 0; at < stream.length; at += piece) {
            byte[] part = Arrays.copyOfRange(stream, at, Math.min(stream.length, at + piece));
            framer.feed(WireBytes.wrap(part), read::add);
        }
        // Written again, since writing uses up the bytes of the first ones.
        assertThat(read.stream().map(PduWriter::write).map(WireBytes::toByteArray))
                .containsExactlyElementsOf(written);
    }

    @Test
    void knows_a_tls_hello_and_an_http_request_by_their_first_byte() {
        assertUnrecognized(new byte[] {0x16}, "begins with TLS"); // TLS record: handshake
        assertUnrecognized("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII), "looks like HTTP");
        assertUnrecognized(new byte[] {0}, "PDU type 00H is none of 01H to 07H");
        assertUnrecognized(new byte[] {8}, "PDU type 08H is none of 01H to 07H");
    }

    @Test
    void rejects_pdu_longer_than_announced_maximum_before_its_body_comes() {
        assertThatThrownBy(() -> feed("04 00 00001001")) // P-DATA-TF of 4097 bytes
                .isInstanceOf(InvalidPduException.class)
                .hasMessageContaining("exceeds the maximum of 4096");
        assertThatThrownBy(() -> feed("01 00 ffffffff")).isInstanceOf(InvalidPduException.class); // 4 GiB request
        assertThatThrownBy(() -> feed("07 00 00000005")).isInstanceOf(InvalidPduException.class); // longer abort
    }

    @Test
    void accepts_a_pdu_of_exactly_the_announced_maximum() throws Exception {
        byte[] body = new byte[MAXIMUM_PDU_LENGTH - 6];
        List<Pdu> read = new ArrayList<>();
        PDataTf data = new PDataTf(List.of(new PresentationDataValue(1, false, true, WireBytes.wrap(body))));
        new PduFramer(MAXIMUM_PDU_LENGTH).feed(PduWriter.write(data), read::add);
        assertThat(read).hasSize(1);
    }

    private static void feed(String hex) throws InvalidPduException {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        new PduFramer(MAXIMUM_PDU_LENGTH).feed(WireBytes.wrap(bytes), pdu -> {});
    }

    private static void assertUnrecognized(byte[] bytes, String message) {
        assertThatThrownBy(() -> new PduFramer(MAXIMUM_PDU_LENGTH).feed(WireBytes.wrap(bytes), pdu -> {}))
                .isInstanceOfSatisfying(InvalidPduException.class, e -> assertThat(e.abortReason())
                        .isEqualTo(Abort.UNRECOGNIZED_PDU))
                .hasMessageContaining(message);
    }

    private static byte[] concat(List<byte[]> parts) {
        byte[] all = new byte[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @Provide
    Arbitrary<List<Pdu>> pdus() {
        return Arbitraries.oneOf(requests(), answers(), data(), shortOnes())
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    private static Arbitrary<Pdu> requests() {
        return Combinators.combine(
                        aeTitles(), aeTitles(), uids().list().ofMinSize(1).ofMaxSize(5), userInformation())
                .as((called, calling, syntaxes, user) -> new AssociateRq(
                        called,
                        calling,
                        List.of(
                                new ProposedContext(1, syntaxes.get(0), syntaxes),
                                new ProposedContext(255, syntaxes.get(0), List.of())),
                        user));
    }

    private static Arbitrary<Pdu> answers() {
        return Combinators.combine(aeTitles(), uids(), Arbitraries.integers().between(0, 4), userInformation())
                .as((title, syntax, result, user) -> new AssociateAc(
                        1,
                        title,
                        title,
                        AssociateRq.DICOM_APPLICATION_CONTEXT,
                        List.of(new AnsweredContext(3, result, syntax)),
                        user));
    }

    private static Arbitrary<Pdu> data() {
        Arbitrary<PresentationDataValue> values = Combinators.combine(
                        Arbitraries.integers().between(0, 127),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(600))
                .as((id, command, last, bytes) ->
                        new PresentationDataValue(2 * id + 1, command, last, WireBytes.wrap(bytes)));
        return values.list().ofMinSize(1).ofMaxSize(4).map(PDataTf::new);
    }

    private static Arbitrary<Pdu> shortOnes() {
        return Arbitraries.of(
                AssociateRj.CALLING_AE_TITLE_NOT_RECOGNIZED,
                new ReleaseRq(),
                new ReleaseRp(),
                Abort.BY_SERVICE_USER,
                new Abort(Abort.SERVICE_PROVIDER, Abort.INVALID_PDU_PARAMETER_VALUE));
    }

    private static Arbitrary<UserInformation> userInformation() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 0xffffffffL),
                        uids(),
                        aeTitles(),
                        Arbitraries.integers().between(0, 0xffff).optional())
                .as((length, uid, name, invoked) ->
                        new UserInformation(length, uid, name, invoked.map(n -> new OperationsWindow(n, 1))));
    }

    private static Arbitrary<String> aeTitles() {
        return Arbitraries.strings()
                .withCharRange('A', 'Z')
                .numeric()
                .ofMinLength(1)
                .ofMaxLength(16);
    }

    private static Arbitrary<String> uids() {
        return Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(60).map(digits -> "1." + digits);
    }

    @Test
    void an_absent_window_stays_absent() throws Exception {
        UserInformation user = new UserInformation(16384, "1.2", "", Optional.empty());
        AssociateRq request = new AssociateRq("A", "B", List.of(), user);
        List<Pdu> read = new ArrayList<>();
        new PduFramer(MAXIMUM_PDU_LENGTH).feed(PduWriter.write(request), read::add);
        assertThat(read).containsExactly(request);
    }
}
