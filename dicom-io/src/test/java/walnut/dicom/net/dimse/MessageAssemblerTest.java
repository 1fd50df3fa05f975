package walnut.dicom.net.dimse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import walnut.dicom.net.pdu.PDataTf;
import walnut.dicom.net.pdu.PresentationDataValue;
import walnut.dicom.net.transport.WireBytes;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

class MessageAssemblerTest {
    /** A C-ECHO-RQ as echoscu sends it, PS3.7 Table 9.3-12 in Implicit VR Little Endian. */
    private static final String ECHO_RQ = "0000 0000 04000000 38000000" //    Command Group Length 56
            + "0000 0200 12000000 312e322e3834302e31303030382e312e3100" //     Affected SOP Class UID 1.2.840.10008.1.1
            + "0000 0001 02000000 3000" //                                     Command Field C-ECHO-RQ
            + "0000 1001 02000000 0700" //                                     Message ID 7
            + "0000 0008 02000000 0101"; //                                    no data set

    private final List<String> heard = new ArrayList<>();
    private final MessageAssembler assembler = new MessageAssembler(new MessageHandler() {
        @Override
        public void command(int presentationContextId, CommandSet command) {
            heard.add("command " + command + " on " + presentationContextId);
        }

        @Override
        public void data(WireBytes bytes, boolean last) {
            heard.add(bytes.length() + " bytes" + (last ? ", last" : ""));
            bytes.release();
        }
    });

    @Test
    void writes_and_reads_a_command_as_the_standard_has_it() {
        byte[] bytes = HexFormat.of().parseHex(ECHO_RQ.replace(" ", ""));
        assertThat(new CEchoRq(7).toCommandSet().write()).isEqualTo(bytes);
        assertThat(CEchoRq.of(CommandSet.read(bytes))).isEqualTo(new CEchoRq(7));
    }

    @Test
    void commands_come_back_as_they_were_written() {
        CStoreRq request = new CStoreRq(65535, "1.2.840.10008.5.1.4.1.1.4", "1.2.3");
        assertThat(CStoreRq.of(CommandSet.read(request.toCommandSet().write()))).isEqualTo(request);
        CStoreRsp response = new CStoreRsp(3, "1.2", "1.2.3", 0xA900, List.of(), "the SOP Instance UIDs differ");
        CommandSet read = CommandSet.read(response.toCommandSet().write());
        assertThat(CStoreRsp.of(read)).isEqualTo(response);
        assertThat(read.hasDataSet()).isFalse();
    }

    @Test
    void an_error_comment_is_cut_to_what_its_vr_holds() {
        CStoreRsp response = new CStoreRsp(3, "1.2", "1.2.3", 0xC000, List.of(0x00080018), "x".repeat(100));
        assertThat(CStoreRsp.of(response.toCommandSet()).errorComment()).hasSize(64);
    }

    @Test
    void puts_a_message_together_from_any_fragments() {
        byte[] command = new CStoreRq(1, "1.2", "1.2.3").toCommandSet().write();
        MessageFragments.ofCommand(5, CommandSet.read(command), 10).forEach(assembler::accept);
        assembler.accept(MessageFragments.ofData(5, ByteBuffer.allocate(100), false));
        assembler.accept(MessageFragments.ofData(5, ByteBuffer.allocate(28), true));
        MessageFragments.ofCommand(7, new CEchoRq(2).toCommandSet(), 1000).forEach(assembler::accept);
        assertThat(heard).containsExactly("command 0001H on 5", "100 bytes", "28 bytes, last", "command 0030H on 7");
    }

    @Test
    void refuses_data_without_command_and_what_changes_its_context() {
        assertViolation(MessageFragments.ofData(1, ByteBuffer.allocate(2), true), "without a command");
        MessageFragments.ofCommand(5, new CStoreRq(1, "1.2", "1.2.3").toCommandSet(), 1000)
                .forEach(assembler::accept);
        assertViolation(MessageFragments.ofData(7, ByteBuffer.allocate(2), true), "changes its presentation context");
        assertViolation(
                MessageFragments.ofCommand(5, new CEchoRq(1).toCommandSet(), 1000)
                        .get(0),
                "within a data set");
    }

    @Test
    void refuses_a_command_that_never_ends() {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        assembler.accept(fragment(new byte[1000]));
                    }
                })
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("longer than");
    }

    @Test
    void refuses_command_sets_whose_lengths_lie() {
        for (String hex : List.of(
                "0000 0000 0400", //                     ends within an element header
                "0000 0001 ffffffff 3000", //            a value of four gigabytes
                "0000 0001 04000000 30000000", //        a command field of four bytes
                "0800 1800 02000000 3000", //            an element of another group
                "")) { //                                nothing
            assertThatThrownBy(() -> CommandSet.read(HexFormat.of().parseHex(hex.replace(" ", ""))))
                    .isInstanceOfSatisfying(
                            WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PROTOCOL_VIOLATION));
        }
    }

    private static PDataTf fragment(byte[] bytes) {
        return new PDataTf(List.of(new PresentationDataValue(1, true, false, WireBytes.wrap(bytes))));
    }

    private void assertViolation(PDataTf data, String message) {
        assertThatThrownBy(() -> assembler.accept(data))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining(message);
    }
}
