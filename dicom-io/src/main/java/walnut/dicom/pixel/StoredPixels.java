package walnut.dicom.pixel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.OptionalInt;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Dictionary;
import walnut.dicom.data.Element;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.part10.DicomFile;
import walnut.digest.Sha256;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * The stored values of an uncompressed image, one frame at a time.
 *
 * <p>Shape: {@code frames} arrays of {@code rows × columns × samplesPerPixel} values, a row after the other, as they lie
 * in PixelData (for colour, PlanarConfiguration decides whether samples or planes follow one another).
 * <p>Units: none; stored values before Modality LUT or rescale.
 * <p>Source: PS3.5 section 8.1.1: the cell of BitsAllocated holds BitsStored bits whose highest is HighBit; what lies
 * outside them (old overlays, garbage) is masked away, and two's complement is sign-extended where PixelRepresentation
 * is 1.
 */
public final class StoredPixels {
    private static final int DIGEST_CHUNK = 1 << 15;

    /** Two bytes of an array, the lower first. */
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final int frames;
    private final int rows;
    private final int columns;
    private final int samplesPerPixel;
    private final boolean signed;
    private final int bytesPerValue;

    /** Shifts left then right that leave BitsStored bits of an int, sign-extended or not. */
    private final int shiftLeft;

    private final int shiftRight;
    private final Element pixelData;

    private StoredPixels(DataSet image, Element pixelData) {
        this.pixelData = pixelData;
        this.rows = positive(image, Tag.Rows);
        this.columns = positive(image, Tag.Columns);
        this.samplesPerPixel = image.contains(Tag.SamplesPerPixel) ? positive(image, Tag.SamplesPerPixel) : 1;
        this.frames = image.string(Tag.NumberOfFrames).isPresent() ? positive(image, Tag.NumberOfFrames) : 1;
        this.signed = image.integer(Tag.PixelRepresentation).orElse(0) == 1;
        int allocated = positive(image, Tag.BitsAllocated);
        if (allocated != 8 && allocated != 16) {
            throw notDecodable("BitsAllocated is " + allocated + "; 8 and 16 are read");
        }
        int stored = image.contains(Tag.BitsStored) ? positive(image, Tag.BitsStored) : allocated;
        int highBit = image.integer(Tag.HighBit).orElse(stored - 1);
        if (stored > allocated || highBit >= allocated || highBit < stored - 1) {
            throw notDecodable("BitsAllocated " + allocated + ", BitsStored " + stored + " and HighBit " + highBit
                    + " contradict one another");
        }
        this.bytesPerValue = allocated / 8;
        this.shiftLeft = 31 - highBit;
        this.shiftRight = 32 - stored;
        long expected = (long) valuesPerFrame() * frames * bytesPerValue;
        if (pixelData.length() < expected) {
            throw notDecodable("PixelData has " + pixelData.length() + " bytes where " + frames + " frames of " + rows
                    + " rows and " + columns + " columns need " + expected);
        }
    }

    /** The pixels of a file read whole. */
    public static StoredPixels read(DicomFile file) {
        return read(file.dataSet(), file.transferSyntax());
    }

    /** The pixels of a data set read under this transfer syntax, which a refusal of compressed pixels names. */
    public static StoredPixels read(DataSet image, TransferSyntax syntax) {
        if (syntax.encapsulated()) {
            throw notDecodable("the pixels are compressed as " + syntax);
        }
        return read(image);
    }

    /** The pixels of a data set made or read here. */
    public static StoredPixels read(DataSet image) {
        Element pixelData = image.element(Tag.PixelData)
                .orElseThrow(() -> notDecodable(
                        image.contains(Tag.FloatPixelData) || image.contains(Tag.DoubleFloatPixelData)
                                ? "the pixels are floating-point numbers, not stored integers"
                                : "the data set has no PixelData"));
        if (pixelData.isEncapsulated()) {
            throw notDecodable("the pixels are compressed");
        }
        return new StoredPixels(image, pixelData);
    }

    private static int positive(DataSet image, int tag) {
        OptionalInt value = image.integer(tag);
        if (value.isEmpty() || value.getAsInt() <= 0) {
            throw notDecodable(Dictionary.label(tag) + " is missing or not a positive number");
        }
        return value.getAsInt();
    }

    private static WalnutException notDecodable(String reason) {
        return new WalnutException(FailureCode.PIXELS_NOT_DECODABLE, reason);
    }

    public int frames() {
        return frames;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    public int samplesPerPixel() {
        return samplesPerPixel;
    }

    /** Whether values may be negative (PixelRepresentation 1). */
    public boolean isSigned() {
        return signed;
    }

    private int valuesPerFrame() {
        long values = (long) rows * columns * samplesPerPixel;
        if (values > Integer.MAX_VALUE / 4) {
            throw notDecodable("a frame of " + values + " values is beyond what an image can be");
        }
        return (int) values;
    }

    /** The stored values of one frame, counted from 0. */
    public int[] frame(int frame) {
        int[] values = new int[valuesPerFrame()];
        readFrame(frame, values);
        return values;
    }

    /** Reads the stored values of one frame into an array of their number. */
    public void readFrame(int frame, int[] values) {
        Objects.checkIndex(frame, frames);
        if (values.length != valuesPerFrame()) {
            throw new IllegalArgumentException(
                    "a frame has " + valuesPerFrame() + " values, the array takes " + values.length);
        }
        byte[] bytes = pixelData.array();
        int at = pixelData.arrayOffset() + frame * values.length * bytesPerValue;
        if (bytesPerValue == 1) {
            for (int i = 0; i < values.length; i++) {
                values[i] = meant(bytes[at + i] & 0xFF);
            }
        } else {
            for (int i = 0; i < values.length; i++, at += 2) {
                values[i] = meant((short) SHORTS.get(bytes, at) & 0xFFFF);
            }
        }
    }

    /**
     * Values of one frame by slope and intercept, computed in double and rounded to float once, from a window of the
     * picture; one sample per pixel.
     *
     * @param frame counted from 0
     * @param firstRow of the window, whose size is rows × columns
     * @param into takes the window's rows one after the other, from {@code at} on
     */
    public void rescale(
            int frame,
            int firstRow,
            int firstColumn,
            int windowRows,
            int windowColumns,
            double slope,
            double intercept,
            float[] into,
            int at) {
        Objects.checkIndex(frame, frames);
        Objects.checkFromIndexSize(firstRow, windowRows, rows);
        Objects.checkFromIndexSize(firstColumn, windowColumns, columns);
        Objects.checkFromIndexSize(at, windowRows * windowColumns, into.length);
        if (samplesPerPixel != 1) {
            throw new IllegalArgumentException("expected one sample per pixel, found " + samplesPerPixel);
        }
        byte[] bytes = pixelData.array();
        for (int row = 0; row < windowRows; row++) {
            int cell = frame * rows * columns + (firstRow + row) * columns + firstColumn;
            int from = pixelData.arrayOffset() + cell * bytesPerValue;
            int to = at + row * windowColumns;
            if (bytesPerValue == 1) {
                for (int i = 0; i < windowColumns; i++) {
                    into[to + i] = (float) (meant(bytes[from + i] & 0xFF) * slope + intercept);
                }
            } else {
                for (int i = 0; i < windowColumns; i++) {
                    into[to + i] =
                            (float) (meant((short) SHORTS.get(bytes, from + 2 * i) & 0xFFFF) * slope + intercept);
                }
            }
        }
    }

    private int meant(int cell) {
        int high = cell << shiftLeft;
        return signed ? high >> shiftRight : high >>> shiftRight;
    }

    /**
     * Lower-case hexadecimal SHA-256 over the stored values of all frames in order, each as 16 bits little-endian. Layout
     * version 1: it survives a change of transfer syntax, of padding and of bits outside BitsStored.
     */
    public String sha256() {
        MessageDigest digest = Sha256.begin();
        byte[] chunk = new byte[2 * DIGEST_CHUNK];
        int[] values = new int[valuesPerFrame()];
        for (int frame = 0; frame < frames; frame++) {
            readFrame(frame, values);
            for (int from = 0; from < values.length; from += DIGEST_CHUNK) {
                int to = Math.min(values.length, from + DIGEST_CHUNK);
                int filled = 0;
                for (int i = from; i < to; i++) {
                    chunk[filled++] = (byte) values[i];
                    chunk[filled++] = (byte) (values[i] >> 8);
                }
                digest.update(chunk, 0, filled);
            }
        }
        return Sha256.hex(digest);
    }
}
