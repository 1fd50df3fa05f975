package walnut.models.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.TestPackages;

class OnnxFileTest {

    @Test
    void reads_what_the_file_declares() throws IOException {
        OnnxFile file = OnnxFile.parse(bytes("tiny"));

        assertThat(file.irVersion()).isEqualTo(8);
        assertThat(file.opsets()).isEqualTo(Map.of("ai.onnx", 17L));
        assertThat(file.domains()).isEqualTo(Set.of("ai.onnx"));
        assertThat(file.externalData()).isFalse();
        assertThat(file.nonFiniteWeights()).isEmpty();
    }

    @Test
    void sees_foreign_operators_external_weights_and_nan() throws IOException {
        assertThat(OnnxFile.parse(bytes("tiny_custom_operator")).domains()).contains("com.example");
        assertThat(OnnxFile.parse(bytes("tiny_external_data")).externalData()).isTrue();
        assertThat(OnnxFile.parse(bytes("tiny_nan_weight")).nonFiniteWeights()).containsExactly("weights");
    }

    /** Whatever the bytes, the answer is a description or a refusal, never another exception. */
    @Property(tries = 500)
    void damage_is_refused_or_read_never_a_crash(@ForAll int position, @ForAll byte value, @ForAll boolean cut)
            throws IOException {
        byte[] bytes = bytes("tiny_never_returns");
        int at = Math.floorMod(position, bytes.length);
        bytes[at] = value;
        byte[] damaged = cut ? Arrays.copyOf(bytes, at) : bytes;
        try {
            assertThat(OnnxFile.parse(damaged).opsets()).isNotEmpty();
        } catch (WalnutException e) {
            assertThat(e.code()).isEqualTo(FailureCode.MODEL_PACKAGE_INVALID);
        }
    }

    @Test
    void refuses_what_is_no_model() {
        assertThatThrownBy(() -> OnnxFile.parse(new byte[0]))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("no graph");
        assertThatThrownBy(() -> OnnxFile.parse(new byte[] {0x3a, (byte) 0xff, (byte) 0xff, 0x7f}))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("are left");
    }

    private static byte[] bytes(String graph) throws IOException {
        return Files.readAllBytes(TestPackages.resource("onnx/" + graph + ".onnx"));
    }
}
