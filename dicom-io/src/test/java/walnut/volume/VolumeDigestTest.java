package walnut.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class VolumeDigestTest {
    private static final VolumeGeometry GRID = new VolumeGeometry(
            2, 1, 1, 0.5, 0.75, 3, new Lps(-1, 2, -3), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1));

    @Test
    void follows_the_documented_byte_layout() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(16 + 12 + 15 * 8 + 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("walnut-volume-1\0".getBytes(StandardCharsets.US_ASCII));
        bytes.putInt(2).putInt(1).putInt(1);
        for (double value : new double[] {0.5, 0.75, 3, -1, 2, -3, 1, 0, 0, 0, 1, 0, 0, 0, 1}) {
            bytes.putDouble(value);
        }
        bytes.putFloat(7.5f).putInt(0x7FC00000);
        String expected =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        float anotherNan = Float.intBitsToFloat(0x7FC00001);
        assertThat(VolumeDigest.sha256(new Volume(GRID, new float[] {7.5f, anotherNan})))
                .isEqualTo(expected);
    }

    @Test
    void sees_one_moved_voxel_and_one_moved_origin() {
        VolumeGeometry grid = Grids.oblique(200, 100, 2);
        Volume volume = Grids.ramp(grid);
        String before = VolumeDigest.sha256(volume);
        volume.values()[39_999] += 1;
        assertThat(VolumeDigest.sha256(volume)).isNotEqualTo(before);
        volume.values()[39_999] -= 1;
        VolumeGeometry moved = new VolumeGeometry(
                200,
                100,
                2,
                0.5,
                0.75,
                3.3,
                grid.origin().plus(new Lps(0, 0, 1e-9)),
                grid.directionI(),
                grid.directionJ(),
                grid.directionK());
        assertThat(VolumeDigest.sha256(new Volume(moved, volume.values()))).isNotEqualTo(before);
    }
}
