package walnut.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.failure.WalnutException;

class NpyTest {
    @TempDir
    Path scratch;

    @Test
    void writes_what_it_reads() throws IOException {
        Tensor tensor = Tensor.of("t", new float[] {1, -2.5f, Float.MIN_VALUE, 4, 5, 6}, 1, 2, 3);

        Tensor back = Npy.read(new ByteArrayInputStream(written(tensor)), "t", 1, 1, 2, 3);

        assertThat(TensorDigest.sha256(back)).isEqualTo(TensorDigest.sha256(tensor));
    }

    /** Byte for byte what numpy 2.4.6 saves for np.array([[1, 2]], '<f4'), but for the trailing spaces' count. */
    @Test
    void writes_numpy_version_1_0() throws IOException {
        byte[] bytes = written(Tensor.of("t", new float[] {1, 2}, 1, 2));

        assertThat(Arrays.copyOf(bytes, 8)).containsExactly(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0);
        String header = new String(bytes, 10, 118, StandardCharsets.US_ASCII);
        assertThat(header)
                .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }")
                .endsWith("\n");
        assertThat(bytes).hasSize(128 + 8).endsWith(0, 0, 0x80, 0x3f, 0, 0, 0, 0x40);
    }

    @Test
    void scales_integers() throws IOException {
        byte[] bytes = written(Tensor.of("t", new float[] {0}, 1));
        byte[] integers = Arrays.copyOf(bytes, 128 + 1);
        String header = new String(bytes, StandardCharsets.ISO_8859_1).replace("<f4", "|i1");
        System.arraycopy(header.getBytes(StandardCharsets.ISO_8859_1), 0, integers, 0, 128);
        integers[128] = -48;

        assertThat(Npy.read(new ByteArrayInputStream(integers), "t", 0.0625, 1).toArray())
                .containsExactly(-3);
    }

    @Test
    void refuses_what_is_cut_short_or_something_else() throws IOException {
        byte[] bytes = written(Tensor.of("t", new float[] {1, 2}, 1, 2));

        assertThatThrownBy(() -> read(Arrays.copyOf(bytes, 130), 1, 2))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("exactly 2 values");
        assertThatThrownBy(() -> read(Arrays.copyOf(bytes, 140), 1, 2))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("exactly 2 values");
        assertThatThrownBy(() -> read(Arrays.copyOf(bytes, 9), 1, 2))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("ends before");
        assertThatThrownBy(() -> read(bytes, 2, 1))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("has shape [1, 2], expected [2, 1]");
        assertThatThrownBy(() -> read("PK nothing of the kind".getBytes(StandardCharsets.US_ASCII), 1))
                .isInstanceOf(WalnutException.class)
                .hasMessageContaining("not a NumPy array");
    }

    /** Recorded with Python: hashlib over the documented layout. */
    @Test
    void digests_the_documented_layout() {
        assertThat(TensorDigest.sha256(Tensor.of("heat", new float[] {1, -2}, 1, 2)))
                .isEqualTo("fbc9c761ca4bb02666715b7f220e0d060d7a303b03836ec7dd2149b4abaa74f0");
    }

    private byte[] written(Tensor tensor) throws IOException {
        Path file = scratch.resolve("t.npy");
        Npy.write(file, tensor);
        return Files.readAllBytes(file);
    }

    private static Tensor read(byte[] bytes, long... shape) {
        return Npy.read(new ByteArrayInputStream(bytes), "t", 1, shape);
    }
}
