package walnut.volume;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over a volume's geometry and values, lower-case hex.
 *
 * <p>Byte layout, version 1, little-endian throughout:
 * <pre>
 * 16 bytes   ASCII "walnut-volume-1" and a zero byte
 * 3 × int32  columns, rows, slices
 * 3 × float64 spacingI, spacingJ, spacingK (mm)
 * 3 × float64 origin x, y, z (LPS, mm)
 * 9 × float64 directionLps, row-major 3×3
 * n × float32 values, column-fastest, then row, then slice; every NaN as 0x7FC00000
 * </pre>
 */
public final class VolumeDigest {
    private static final byte[] VERSION = "walnut-volume-1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GEOMETRY_VERSION = "walnut-lattice-1".getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNK_VALUES = 16_384;

    private VolumeDigest() {}

    public static String sha256(Volume volume) {
        MessageDigest digest = newSha256();
        digest.update(header(VERSION, volume.geometry()));
        float[] values = volume.values();
        byte[] bytes = new byte[CHUNK_VALUES * Float.BYTES];
        IntBuffer chunk = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        for (int at = 0; at < values.length; ) {
            int count = Math.min(CHUNK_VALUES, values.length - at);
            for (int n = 0; n < count; n++) {
                chunk.put(n, Float.floatToIntBits(values[at + n]));
            }
            digest.update(bytes, 0, count * Float.BYTES);
            at += count;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * SHA-256 over where the voxels lie alone, lower-case hex: the same layout without the values, its first 16 bytes the
     * ASCII "walnut-lattice-1". Tells voxels that changed from voxels that moved.
     */
    public static String sha256(VolumeGeometry geometry) {
        MessageDigest digest = newSha256();
        digest.update(header(GEOMETRY_VERSION, geometry));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static ByteBuffer header(byte[] version, VolumeGeometry geometry) {
        ByteBuffer header = ByteBuffer.allocate(version.length + 3 * Integer.BYTES + 15 * Double.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(version)
                .putInt(geometry.columns())
                .putInt(geometry.rows())
                .putInt(geometry.slices())
                .putDouble(geometry.spacingI())
                .putDouble(geometry.spacingJ())
                .putDouble(geometry.spacingK())
                .putDouble(geometry.origin().x())
                .putDouble(geometry.origin().y())
                .putDouble(geometry.origin().z());
        for (double component : geometry.directionLps()) {
            header.putDouble(component);
        }
        return header.flip();
    }

    /** Not walnut.digest's: this room depends on nothing of ours. */
    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
