package walnut.dicom.part10;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Vr;
import walnut.dicom.part10.ReadNotice.Kind;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Reads DICOM files (PS3.10 chapter 7): 128 bytes of preamble, {@code DICM}, group 0002, the data set. Files that lack
 * some of it are read too, as long as they begin like a data set.
 */
public final class Part10Reader {
    private static final int PREAMBLE = 128;

    /** Nearly every header of a single image lies within the first bytes of its file. */
    private static final int HEADER_BYTES = 1 << 14;

    /** A file up to this size that is wanted whole is read at once, and its pixels are a slice of what was read. */
    private static final int WHOLE_FILE_BYTES = 1 << 23;

    private static final int PREFIX = 'D' << 24 | 'I' << 16 | 'C' << 8 | 'M';

    private final ByteSource source;
    private final ReadOptions options;
    private final NoticeLog notices = new NoticeLog();

    private Part10Reader(ByteSource source, ReadOptions options) {
        this.source = source;
        this.options = options;
    }

    public static DicomFile read(Path file) throws IOException {
        return read(file, ReadOptions.all());
    }

    /** Reads as much of the file as the options ask for, and little more than that. */
    public static DicomFile read(Path file, ReadOptions options) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            InputStream in = Channels.newInputStream(channel);
            long size = channel.size();
            int firstChunk = firstChunk(size, options);
            return new Part10Reader(new ByteSource(in, size, options.maxTotalBytes(), firstChunk), options).read();
        }
    }

    private static int firstChunk(long size, ReadOptions options) {
        if (!options.readsPixels()) {
            return HEADER_BYTES;
        }
        return size <= WHOLE_FILE_BYTES ? WHOLE_FILE_BYTES : ByteSource.CHUNK;
    }

    /** Reads from a stream, which may buffer some bytes beyond what is asked for and is not closed. */
    public static DicomFile read(InputStream in, ReadOptions options) throws IOException {
        return new Part10Reader(new ByteSource(in, -1, options.maxTotalBytes()), options).read();
    }

    /** Reads a file that lies in memory; the caller gives the bytes away, elements are slices of them. */
    public static DicomFile read(byte[] bytes, ReadOptions options) {
        try {
            return new Part10Reader(ByteSource.of(bytes, 0, bytes.length), options).read();
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail", e);
        }
    }

    private DicomFile read() throws IOException {
        findBeginning();
        DataSet meta = metaInformation();
        TransferSyntax syntax = transferSyntax(meta);
        long offset = source.position();
        DataSet dataSet = DataSetReader.read(source, syntax, options, notices);
        return new DicomFile(meta, dataSet, syntax, offset, notices.toList());
    }

    /**
     * Passes over preamble and prefix. A preamble may hold anything, and a data set without one may have the letters
     * DICM at byte 128 by chance: so both ends are looked at.
     */
    private void findBeginning() throws IOException {
        boolean prefixed = source.has(PREAMBLE + 4) && source.peekTag(PREAMBLE, true) == PREFIX;
        if (prefixed && (!looksLikeElement(0) || looksLikeElement(PREAMBLE + 4))) {
            source.pass(PREAMBLE + 4);
            return;
        }
        if (!looksLikeElement(0)) {
            throw new WalnutException(
                    FailureCode.NOT_DICOM,
                    source.has(1)
                            ? "no DICM prefix at byte 128, and the file does not begin like a data set"
                            : "the file is empty");
        }
        notices.add(Kind.MISSING_PREAMBLE, 0);
    }

    /** Whether the bytes {@code ahead} are the first element of group 0002 or 0008, in either byte order. */
    private boolean looksLikeElement(int ahead) throws IOException {
        if (!source.has(ahead + 8)) {
            return false;
        }
        boolean bigEndian = source.peek(ahead) == 0;
        int group = source.peekUnsignedShort(ahead, bigEndian);
        if (group != 0x0002 && group != 0x0008) {
            return false;
        }
        boolean explicit = Vr.of(source.peek(ahead + 4), source.peek(ahead + 5)) != null;
        // The first elements of both groups are short: a length, a date, a code.
        return explicit || (!bigEndian && source.peekLength(ahead + 4, false) <= 0x400);
    }

    private DataSet metaInformation() throws IOException {
        if (!source.has(8) || source.peekUnsignedShort(0, false) != 0x0002) {
            notices.add(Kind.MISSING_META_INFORMATION, 0);
            return DataSet.EMPTY;
        }
        long begin = source.position();
        DataSet meta = new DataSetParser(source, options, notices).metaInformation();
        meta.integer(Tag.FileMetaInformationGroupLength).ifPresent(length -> {
            // The group length counts what follows its own twelve bytes (PS3.10 section 7.1).
            if (begin + 12 + length != source.position()) {
                notices.add(Kind.WRONG_META_INFORMATION_LENGTH, Tag.FileMetaInformationGroupLength);
            }
        });
        return meta;
    }

    private TransferSyntax transferSyntax(DataSet meta) throws IOException {
        String uid = meta.string(Tag.TransferSyntaxUID).orElse("");
        if (uid.isEmpty()) {
            notices.add(Kind.MISSING_TRANSFER_SYNTAX, Tag.TransferSyntaxUID);
            return found(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        }
        TransferSyntax named = TransferSyntax.of(uid)
                .orElseThrow(() -> new WalnutException(
                        FailureCode.UNSUPPORTED_TRANSFER_SYNTAX,
                        "transfer syntax " + printable(uid) + " is none of the standard's for data sets"));
        TransferSyntax found = named.deflated() ? named : found(named);
        if (found != named) {
            notices.add(Kind.WRONG_TRANSFER_SYNTAX, Tag.TransferSyntaxUID);
        }
        return found;
    }

    /** At most 64 characters of what may be garbage. */
    private static String printable(String uid) {
        return uid.substring(0, Math.min(64, uid.length())).replaceAll("[^0-9A-Za-z.]", "?");
    }

    /** The transfer syntax by which the first element makes sense; the named one if it does, or if none does. */
    private TransferSyntax found(TransferSyntax named) throws IOException {
        if (!source.has(8)) {
            return named;
        }
        // Data sets begin with a group below 0100H, so that one byte of its number is zero and the other is not.
        boolean bigEndian = source.peek(0) == 0 && source.peek(1) != 0;
        boolean explicit = Vr.of(source.peek(4), source.peek(5)) != null;
        if (bigEndian == named.bigEndian() && explicit == named.explicitVr()) {
            return named;
        }
        if (explicit) {
            return bigEndian ? TransferSyntax.EXPLICIT_VR_BIG_ENDIAN : TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
        }
        boolean plausible = !bigEndian && source.peekLength(4, false) <= 0x400;
        return plausible ? TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN : named;
    }
}
