package walnut.dicom.part10;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Element;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Uid;
import walnut.dicom.data.Vr;
import walnut.dicom.json.DicomJsonWriter;
import walnut.dicom.pixel.StoredPixels;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Files damaged in every way that comes to mind, from fixed seeds: read or refused with a code, whole and as a header, in
 * memory and from a stream; what was read goes into JSON and, if it is an image, into stored pixels. The profile
 * {@code fuzz} does two million rounds, and {@code -Dwalnut.fuzz.seed} begins at another seed, such as one that failed.
 */
class ReadingFuzzTest {
    private static final int ROUNDS = Integer.getInteger("walnut.fuzz.rounds", 4_000);
    private static final int FIRST_SEED = Integer.getInteger("walnut.fuzz.seed", 0);
    private static final ReadOptions LIMITS =
            ReadOptions.all().withMaxTotalBytes(1 << 20).withMaxValueBytes(1 << 18);
    private static final List<FailureCode> REFUSALS = List.of(
            FailureCode.NOT_DICOM,
            FailureCode.TRUNCATED,
            FailureCode.MALFORMED_DATASET,
            FailureCode.DATASET_TOO_LARGE,
            FailureCode.UNSUPPORTED_TRANSFER_SYNTAX,
            FailureCode.PIXELS_NOT_DECODABLE);

    /** What hurts most where a length or a tag should be: undefined, 4 GB, 2 GB, nothing, items, delimiters. */
    private static final List<byte[]> UNPLEASANT = List.of(
            hex("ffffffff"),
            hex("feffffff"),
            hex("ffffff7f"),
            hex("00000000"),
            hex("feff00e0ffffffff"),
            hex("feff0de000000000"),
            hex("feffdde000000000"),
            hex("5351"),
            hex("554e"),
            hex("1b2442"));

    @Test
    void damaged_files_are_read_or_refused_and_never_anything_else() throws IOException {
        List<byte[]> corpus = corpus();
        int throughout = 0;
        for (int i = 0; i < ROUNDS; i++) {
            int seed = FIRST_SEED + i;
            Random random = new Random(seed);
            byte[] bytes = damaged(corpus.get(random.nextInt(corpus.size())), random);
            try {
                throughout += readEveryWay(bytes) ? 1 : 0;
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
            }
        }
        System.out.printf(
                "%d damaged files, seeds %d to %d: %d good for stored pixels too, the others refused with a code somewhere%n",
                ROUNDS, FIRST_SEED, FIRST_SEED + ROUNDS - 1, throughout);
        assertThat(throughout).isBetween(1, ROUNDS - 1);
    }

    /** Whether a data set came out one way at least, and went through every use. */
    private static boolean readEveryWay(byte[] bytes) throws IOException {
        boolean inMemory = reading(() -> use(Part10Reader.read(bytes, LIMITS)));
        boolean streamed = reading(() -> use(Part10Reader.read(new ByteArrayInputStream(bytes), LIMITS)));
        boolean asHeader = reading(() -> use(Part10Reader.read(
                bytes, ReadOptions.header().withLongestKeptBytes(200).withMaxTotalBytes(1 << 20))));
        return inMemory || streamed || asHeader;
    }

    private interface Reading {
        void read() throws IOException;
    }

    private static boolean reading(Reading reading) throws IOException {
        try {
            reading.read();
            return true;
        } catch (WalnutException e) {
            assertThat(e.code()).as(e.getMessage()).isIn(REFUSALS);
            return false;
        }
    }

    private static void use(DicomFile file) throws IOException {
        file.notices().forEach(notice -> assertThat(notice.sentence()).isNotBlank());
        try (JsonGenerator json = new JsonFactory().createGenerator(OutputStream.nullOutputStream())) {
            DicomJsonWriter.write(
                    json, file.dataSet(), element -> element.isEncapsulated() ? Optional.of("bulk") : Optional.empty());
        }
        for (Element element : file.dataSet()) {
            element.decimals();
            element.integers();
        }
        if (!file.transferSyntax().bigEndian()) {
            DataSetWriter.toBytes(
                    file.dataSet().toBuilder().remove(Tag.PixelData).build(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        }
        StoredPixels.read(file);
    }

    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> {
                    byte[] unpleasant = UNPLEASANT.get(random.nextInt(UNPLEASANT.size()));
                    System.arraycopy(unpleasant, 0, bytes, at, Math.min(unpleasant.length, bytes.length - at));
                }
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> bytes = spliced(bytes, at, random.nextInt(bytes.length), random.nextInt(40));
                default -> {
                    int from = Math.min(at + 1 + random.nextInt(8), bytes.length);
                    byte[] shorter = Arrays.copyOf(bytes, bytes.length - (from - at));
                    System.arraycopy(bytes, from, shorter, at, bytes.length - from);
                    bytes = shorter;
                }
            }
        }
        return bytes;
    }

    /** The bytes with some of their own from elsewhere put in between. */
    private static byte[] spliced(byte[] bytes, int at, int from, int length) {
        int count = Math.min(length, bytes.length - from);
        byte[] longer = new byte[bytes.length + count];
        System.arraycopy(bytes, 0, longer, 0, at);
        System.arraycopy(bytes, from, longer, at, count);
        System.arraycopy(bytes, at, longer, at + count, bytes.length - at);
        return longer;
    }

    private static List<byte[]> corpus() throws IOException {
        List<byte[]> corpus = new ArrayList<>();
        for (int seed = 0; seed < 12; seed++) {
            for (TransferSyntax syntax : List.of(
                    TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                    TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                    TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)) {
                corpus.add(file(new RandomDataSets(seed).next(), syntax.uid()));
            }
            corpus.add(DataSetWriter.toBytes(
                    new RandomDataSets(seed + 100).next(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN));
        }
        DataSet image = image();
        corpus.add(file(image, Uid.ExplicitVRLittleEndian));
        DataSet compressed = image.toBuilder()
                .putFragments(Tag.PixelData, Vr.OB, List.of(new byte[4], new byte[60], new byte[20]))
                .build();
        corpus.add(file(compressed, Uid.RLELossless));
        corpus.add(hex("000800054353000a49534f5f495220313030" + "0008114053510000ffffffff"
                + "fffee0000000000a00280010555300020102" + "fffee0dd00000000" + "7fe000104f57000000000004"
                + "01020304"));
        return corpus;
    }

    private static DataSet image() {
        return new RandomDataSets(500)
                .next().toBuilder()
                        .putInteger(Tag.SamplesPerPixel, 1)
                        .putString(Tag.PhotometricInterpretation, "MONOCHROME2")
                        .putInteger(Tag.Rows, 4)
                        .putInteger(Tag.Columns, 6)
                        .putInteger(Tag.BitsAllocated, 16)
                        .putInteger(Tag.BitsStored, 12)
                        .putInteger(Tag.HighBit, 11)
                        .putInteger(Tag.PixelRepresentation, 1)
                        .putBytes(Tag.PixelData, Vr.OW, new byte[48])
                        .build();
    }

    private static byte[] file(DataSet dataSet, String transferSyntaxUid) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Part10Writer.write(out, dataSet, transferSyntaxUid);
        return out.toByteArray();
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
