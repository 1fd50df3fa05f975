package walnut.volume;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * NIfTI-1 single files ({@code .nii}, {@code .nii.gz}).
 *
 * <p>Frame: NIfTI is RAS, we are LPS, so x and y are negated on the way in and out. Voxels are written in our order with
 * sform = qform (both code 1, scanner): nothing is flipped.
 * <p>Reading accepts either byte order, the integer and floating types of one value per voxel, and scl_slope and
 * scl_inter; sform goes before qform. A left-handed grid (determinant −1) is read with its slices in reverse order, so
 * that the same voxels lie at the same patient positions in a right-handed {@link VolumeGeometry}. Sheared grids, more
 * than three dimensions and colour are refused.
 * <p>Source: nifti1.h (R. W. Cox, 2003), "the official definition of the nifti1 header".
 */
public final class Nifti {
    private static final int HEADER_BYTES = 348;
    private static final int VOXEL_OFFSET = 352;
    private static final short UINT8 = 2;
    private static final short FLOAT32 = 16;
    private static final int XYZT_UNITS = 123;
    private static final byte UNITS_MM = 2;
    private static final short SCANNER_ANATOMICAL = 1;

    /** Deflate cannot do better than this, so a larger claim is a lie and no memory is set aside for it. */
    private static final long MAXIMUM_DEFLATE_RATIO = 1032;

    private Nifti() {}

    /** Writes float32 voxels; gzip when the name ends in {@code .gz}. */
    public static void write(Volume volume, Path file) throws IOException {
        try (OutputStream out = open(file)) {
            out.write(header(volume.geometry(), FLOAT32, Float.BYTES));
            float[] values = volume.values();
            int row = volume.geometry().columns();
            ByteBuffer bytes = ByteBuffer.allocate(row * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < values.length; at += row) {
                bytes.clear();
                for (int i = 0; i < row; i++) {
                    bytes.putFloat(values[at + i]);
                }
                out.write(bytes.array());
            }
        }
    }

    /** Writes uint8 labels; gzip when the name ends in {@code .gz}. */
    public static void write(Mask mask, Path file) throws IOException {
        try (OutputStream out = open(file)) {
            out.write(header(mask.geometry(), UINT8, 1));
            out.write(mask.labels());
        }
    }

    public static Volume read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(source(file))) {
            return new Reader(in, readHeader(in), claimLimit(file)).volume();
        }
    }

    /** Reads whole labels from 0 to 255; anything else is no mask and refused. */
    public static Mask readMask(Path file) throws IOException {
        Volume volume = read(file);
        byte[] labels = new byte[volume.values().length];
        for (int at = 0; at < labels.length; at++) {
            float value = volume.values()[at];
            if (!(value >= 0 && value <= 255) || value != Math.rint(value)) {
                throw new MalformedNiftiException("expected whole labels from 0 to 255, found " + value);
            }
            labels[at] = (byte) (int) value;
        }
        return new Mask(volume.geometry(), labels);
    }

    private static OutputStream open(Path file) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPOutputStream(out, 1 << 16) : new BufferedOutputStream(out);
    }

    private static InputStream source(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        return isGzip(file) ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16)) : in;
    }

    private static boolean isGzip(Path file) {
        return file.toString().endsWith(".gz");
    }

    private static long claimLimit(Path file) throws IOException {
        return isGzip(file) ? Files.size(file) * MAXIMUM_DEFLATE_RATIO : Files.size(file);
    }

    /** Fields by their offset in nifti1.h; what is not named stays zero. */
    private static byte[] header(VolumeGeometry geometry, short datatype, int bytesPerVoxel) {
        if (Math.max(geometry.columns(), Math.max(geometry.rows(), geometry.slices())) > Short.MAX_VALUE) {
            throw new IllegalArgumentException("NIfTI-1 holds at most 32767 voxels along an axis");
        }
        Affine ras = Affine.ofGeometry(geometry);
        double[] quaternion = ras.quaternion();
        ByteBuffer header = ByteBuffer.allocate(VOXEL_OFFSET).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0, HEADER_BYTES);
        header.put(38, (byte) 'r');
        putShorts(header, 40, 3, geometry.columns(), geometry.rows(), geometry.slices(), 1, 1, 1, 1);
        header.putShort(70, datatype);
        header.putShort(72, (short) (8 * bytesPerVoxel));
        // pixdim[0] is qfac: +1, since our grids are right-handed and negating x and y keeps them so.
        putFloats(header, 76, 1, geometry.spacingI(), geometry.spacingJ(), geometry.spacingK(), 0, 0, 0, 0);
        header.putFloat(108, VOXEL_OFFSET);
        header.putFloat(112, 1);
        header.put(XYZT_UNITS, UNITS_MM);
        header.putShort(252, SCANNER_ANATOMICAL);
        header.putShort(254, SCANNER_ANATOMICAL);
        putFloats(header, 256, quaternion[1], quaternion[2], quaternion[3]);
        putFloats(header, 268, ras.offset(0), ras.offset(1), ras.offset(2));
        for (int row = 0; row < 3; row++) {
            putFloats(header, 280 + 16 * row, ras.at(row, 0), ras.at(row, 1), ras.at(row, 2), ras.offset(row));
        }
        header.put(344, "n+1\0".getBytes(StandardCharsets.US_ASCII));
        return header.array();
    }

    private static void putShorts(ByteBuffer buffer, int offset, int... values) {
        for (int at = 0; at < values.length; at++) {
            buffer.putShort(offset + 2 * at, (short) values[at]);
        }
    }

    private static void putFloats(ByteBuffer buffer, int offset, double... values) {
        for (int at = 0; at < values.length; at++) {
            buffer.putFloat(offset + 4 * at, (float) values[at]);
        }
    }

    private static ByteBuffer readHeader(DataInputStream in) throws IOException {
        byte[] bytes = in.readNBytes(HEADER_BYTES);
        if (bytes.length < HEADER_BYTES) {
            throw new MalformedNiftiException(
                    "expected a NIfTI-1 header of 348 bytes, the file ends after " + bytes.length);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (header.getInt(0) != HEADER_BYTES) {
            header.order(ByteOrder.BIG_ENDIAN);
        }
        String magic = new String(bytes, 344, 3, StandardCharsets.ISO_8859_1);
        if (header.getInt(0) != HEADER_BYTES || !magic.equals("n+1")) {
            throw new MalformedNiftiException(
                    "expected a single-file NIfTI-1 (sizeof_hdr 348, magic n+1), found " + found(bytes, magic));
        }
        int lengthUnit = bytes[XYZT_UNITS] & 7;
        if (lengthUnit != 0 && lengthUnit != UNITS_MM) {
            throw new MalformedNiftiException(
                    "expected millimetres, xyzt_units says " + (lengthUnit == 1 ? "metres" : "unit " + lengthUnit));
        }
        return header;
    }

    private static String found(byte[] bytes, String magic) {
        if (bytes[0] == 0x1F && (bytes[1] & 0xFF) == 0x8B) {
            return "gzip under a name that does not end in .gz";
        }
        if (new String(bytes, 4, 3, StandardCharsets.ISO_8859_1).equals("n+2")) {
            return "NIfTI-2";
        }
        return magic.equals("ni1") ? "the header of a pair of files" : "neither";
    }

    /** Reads one file's voxels once its header is there. */
    private static final class Reader {
        private final DataInputStream in;
        private final ByteBuffer header;
        private final long claimLimit;

        Reader(DataInputStream in, ByteBuffer header, long claimLimit) {
            this.in = in;
            this.header = header;
            this.claimLimit = claimLimit;
        }

        Volume volume() throws IOException {
            int dimensions = header.getShort(40);
            int columns = header.getShort(42);
            int rows = header.getShort(44);
            int slices = dimensions >= 3 ? header.getShort(46) : 1;
            for (int extra = 4; extra <= dimensions && extra <= 7; extra++) {
                if (header.getShort(40 + 2 * extra) > 1) {
                    throw new MalformedNiftiException(
                            "expected one volume, dim[" + extra + "] is " + header.getShort(40 + 2 * extra));
                }
            }
            if (dimensions < 2 || dimensions > 7 || columns < 1 || rows < 1 || slices < 1) {
                throw new MalformedNiftiException("expected positive dimensions, found dim = " + dimensions + ", "
                        + columns + ", " + rows + ", " + slices);
            }
            long count = (long) columns * rows * slices;
            int bytesPerVoxel = bytesPerVoxel();
            if (count * bytesPerVoxel > claimLimit || count > Integer.MAX_VALUE - 8) {
                throw new MalformedNiftiException(
                        "the header announces " + count + " voxels, more than the file can hold");
            }
            Affine affine = affine();
            skipToVoxels();
            float[] values = values(columns, rows, slices, affine.determinant() < 0, bytesPerVoxel);
            return new Volume(affine.geometry(columns, rows, slices), values);
        }

        private int bytesPerVoxel() throws MalformedNiftiException {
            short datatype = header.getShort(70);
            return switch (datatype) {
                case UINT8, 256 -> 1;
                case 4, 512 -> 2;
                case 8, FLOAT32, 768 -> 4;
                case 64 -> 8;
                default ->
                    throw new MalformedNiftiException("datatype " + datatype
                            + " is not supported: expected one integer or floating value per voxel");
            };
        }

        private double value(ByteBuffer row) {
            return switch (header.getShort(70)) {
                case UINT8 -> row.get() & 0xFF;
                case 256 -> row.get();
                case 4 -> row.getShort();
                case 512 -> row.getShort() & 0xFFFF;
                case 8 -> row.getInt();
                case 768 -> row.getInt() & 0xFFFFFFFFL;
                case 64 -> row.getDouble();
                default -> row.getFloat();
            };
        }

        private void skipToVoxels() throws IOException {
            float offset = header.getFloat(108);
            if (!(offset >= VOXEL_OFFSET) || offset > 1 << 24) {
                throw new MalformedNiftiException("expected vox_offset of at least 352, found " + offset);
            }
            in.skipNBytes((long) offset - HEADER_BYTES);
        }

        private float[] values(int columns, int rows, int slices, boolean reverseSlices, int bytesPerVoxel)
                throws IOException {
            float slope = header.getFloat(112);
            float intercept = header.getFloat(116);
            // nifti1.h: "If scl_slope is nonzero", the stored values are to be scaled.
            boolean scaled = slope != 0 && Float.isFinite(slope) && Float.isFinite(intercept);
            float[] values = new float[columns * rows * slices];
            byte[] bytes = new byte[columns * bytesPerVoxel];
            for (int k = 0; k < slices; k++) {
                int sliceStart = (reverseSlices ? slices - 1 - k : k) * rows * columns;
                for (int j = 0; j < rows; j++) {
                    readRow(bytes);
                    ByteBuffer row = ByteBuffer.wrap(bytes).order(header.order());
                    for (int i = 0; i < columns; i++) {
                        double stored = value(row);
                        values[sliceStart + j * columns + i] = (float) (scaled ? slope * stored + intercept : stored);
                    }
                }
            }
            return values;
        }

        private void readRow(byte[] bytes) throws IOException {
            try {
                in.readFully(bytes);
            } catch (EOFException ended) {
                throw new MalformedNiftiException("the file ends before its last voxel");
            }
        }

        private Affine affine() throws MalformedNiftiException {
            if (header.getShort(254) > 0) {
                double[] rows = new double[12];
                for (int at = 0; at < 12; at++) {
                    rows[at] = header.getFloat(280 + 4 * at);
                }
                return Affine.ofRows(rows);
            }
            double[] spacing = {header.getFloat(80), header.getFloat(84), header.getFloat(88)};
            if (header.getShort(252) <= 0) {
                throw new MalformedNiftiException("neither sform nor qform says where the voxels lie");
            }
            double qfac = header.getFloat(76) < 0 ? -1 : 1;
            return Affine.ofQuaternion(
                    new double[] {header.getFloat(256), header.getFloat(260), header.getFloat(264)},
                    new double[] {spacing[0], spacing[1], qfac * spacing[2]},
                    new double[] {header.getFloat(268), header.getFloat(272), header.getFloat(276)});
        }
    }

    /** Voxel index → RAS millimetres: three rows of (column i, column j, column k, offset), row-major. */
    private record Affine(double[] rows) {

        static Affine ofRows(double[] rows) {
            return new Affine(rows);
        }

        static Affine ofGeometry(VolumeGeometry geometry) {
            double[] d = geometry.directionLps();
            double[] s = {geometry.spacingI(), geometry.spacingJ(), geometry.spacingK()};
            double[] o = {
                geometry.origin().x(), geometry.origin().y(), geometry.origin().z()
            };
            double[] rows = new double[12];
            for (int row = 0; row < 3; row++) {
                double sign = row < 2 ? -1 : 1;
                for (int column = 0; column < 3; column++) {
                    rows[4 * row + column] = sign * d[3 * row + column] * s[column];
                }
                rows[4 * row + 3] = sign * o[row];
            }
            return new Affine(rows);
        }

        /** nifti1.h, METHOD 2: R from the quaternion (a, b, c, d), a = √(1 − b² − c² − d²) ≥ 0. */
        static Affine ofQuaternion(double[] bcd, double[] spacing, double[] offset) {
            double b = bcd[0];
            double c = bcd[1];
            double d = bcd[2];
            double a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)));
            double[] r = {
                a * a + b * b - c * c - d * d,
                2 * (b * c - a * d),
                2 * (b * d + a * c),
                2 * (b * c + a * d),
                a * a + c * c - b * b - d * d,
                2 * (c * d - a * b),
                2 * (b * d - a * c),
                2 * (c * d + a * b),
                a * a + d * d - c * c - b * b
            };
            double[] rows = new double[12];
            for (int row = 0; row < 3; row++) {
                for (int column = 0; column < 3; column++) {
                    rows[4 * row + column] = r[3 * row + column] * spacing[column];
                }
                rows[4 * row + 3] = offset[row];
            }
            return new Affine(rows);
        }

        double at(int row, int column) {
            return rows[4 * row + column];
        }

        double offset(int row) {
            return rows[4 * row + 3];
        }

        double determinant() {
            return column(0).cross(column(1)).dot(column(2));
        }

        /** The step of one voxel along an axis, LPS mm. */
        private Lps column(int column) {
            return new Lps(-at(0, column), -at(1, column), at(2, column));
        }

        /** The grid in LPS; with determinant −1 the one whose slices run the other way. */
        VolumeGeometry geometry(int columns, int rows, int slices) throws MalformedNiftiException {
            Lps i = column(0);
            Lps j = column(1);
            Lps k = column(2);
            Lps origin = new Lps(-offset(0), -offset(1), offset(2));
            if (!Double.isFinite(origin.length() + i.length() + j.length() + k.length())) {
                throw new MalformedNiftiException("the affine holds numbers that are not finite");
            }
            if (determinant() < 0) {
                origin = origin.plus(k.times(slices - 1));
                k = k.times(-1);
            }
            try {
                return new VolumeGeometry(
                        columns,
                        rows,
                        slices,
                        i.length(),
                        j.length(),
                        k.length(),
                        origin,
                        i.unit(),
                        j.unit(),
                        k.unit());
            } catch (IllegalArgumentException notAGrid) {
                throw new MalformedNiftiException("the affine is not a rotated grid: " + notAGrid.getMessage());
            }
        }

        /** (a, b, c, d) of the rotation, a ≥ 0; Shepperd's choice of the largest component keeps it accurate. */
        double[] quaternion() {
            double[] r = rotation();
            double trace = r[0] + r[4] + r[8];
            double[] q;
            if (trace > r[0] && trace > r[4] && trace > r[8]) {
                double s = 2 * Math.sqrt(1 + trace);
                q = new double[] {s / 4, (r[7] - r[5]) / s, (r[2] - r[6]) / s, (r[3] - r[1]) / s};
            } else if (r[0] >= r[4] && r[0] >= r[8]) {
                double s = 2 * Math.sqrt(1 + r[0] - r[4] - r[8]);
                q = new double[] {(r[7] - r[5]) / s, s / 4, (r[1] + r[3]) / s, (r[2] + r[6]) / s};
            } else if (r[4] >= r[8]) {
                double s = 2 * Math.sqrt(1 + r[4] - r[0] - r[8]);
                q = new double[] {(r[2] - r[6]) / s, (r[1] + r[3]) / s, s / 4, (r[5] + r[7]) / s};
            } else {
                double s = 2 * Math.sqrt(1 + r[8] - r[0] - r[4]);
                q = new double[] {(r[3] - r[1]) / s, (r[2] + r[6]) / s, (r[5] + r[7]) / s, s / 4};
            }
            // DICOM cosines are orthonormal to about six digits; readers expect a unit quaternion.
            double scale = (q[0] < 0 ? -1 : 1) / Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
            return new double[] {q[0] * scale, q[1] * scale, q[2] * scale, q[3] * scale};
        }

        private double[] rotation() {
            double[] r = new double[9];
            for (int column = 0; column < 3; column++) {
                double length = column(column).length();
                for (int row = 0; row < 3; row++) {
                    r[3 * row + column] = at(row, column) / length;
                }
            }
            return r;
        }
    }
}
