package walnut.dicom.part10;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.TransferSyntax;

/** Reads bare data sets, without preamble and group 0002: what DIMSE carries, and what follows in a file. */
public final class DataSetReader {
    /** A data set and what was wrong with it. */
    public record Result(DataSet dataSet, List<ReadNotice> notices) {}

    private DataSetReader() {}

    /** The data set in these bytes, which the caller gives away: elements are slices of them. */
    public static DataSet read(byte[] bytes, TransferSyntax syntax) {
        return read(bytes, syntax, ReadOptions.all()).dataSet();
    }

    public static Result read(byte[] bytes, TransferSyntax syntax, ReadOptions options) {
        NoticeLog notices = new NoticeLog();
        try {
            DataSet dataSet = read(ByteSource.of(bytes, 0, bytes.length), syntax, options, notices);
            return new Result(dataSet, notices.toList());
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail", e);
        }
    }

    /** The data set in this stream, which is read a chunk at a time and not closed. */
    public static Result read(InputStream in, TransferSyntax syntax, ReadOptions options) throws IOException {
        NoticeLog notices = new NoticeLog();
        ByteSource source = new ByteSource(in, -1, options.maxTotalBytes());
        return new Result(read(source, syntax, options, notices), notices.toList());
    }

    static DataSet read(ByteSource source, TransferSyntax syntax, ReadOptions options, NoticeLog notices)
            throws IOException {
        if (!syntax.deflated()) {
            return new DataSetParser(source, options, notices).dataSet(syntax);
        }
        // PS3.5 section A.5: RFC 1951 without the wrapping of zlib.
        Inflater inflater = new Inflater(true);
        try {
            ByteSource inflated =
                    new ByteSource(new InflaterInputStream(source.rest(), inflater), -1, options.maxTotalBytes());
            return new DataSetParser(inflated, options, notices).dataSet(syntax);
        } finally {
            inflater.end();
        }
    }
}
