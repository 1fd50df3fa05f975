package walnut.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Element;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.part10.DataSetReader;
import walnut.dicom.part10.ReadOptions;
import walnut.dicom.pixel.StoredPixels;
import walnut.digest.Sha256;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Compares what two stored objects say. Whatever cannot be shown to be the same is other content: a false conflict costs an
 * operator a look, a false resend would lose an image.
 */
final class StoredContents implements ContentComparison {
    /** What of an object is compared; one file at a time is in memory, and only these digests outlive it. */
    private record Content(String canonicalSha256, Optional<String> pixels) {}

    private final Disk disk;
    private final StoreLayout layout;
    private final long maximumBytes;

    /** @param maximumBytes larger objects are not read into memory, and so count as other content */
    StoredContents(Disk disk, StoreLayout layout, long maximumBytes) {
        this.disk = disk;
        this.layout = layout;
        this.maximumBytes = maximumBytes;
    }

    @Override
    public Likeness compare(StoredInstance earlier, StoredInstance arrived) {
        if (Math.max(earlier.size(), arrived.size()) > maximumBytes) {
            return Likeness.OTHER_CONTENT;
        }
        Optional<Content> before;
        Optional<Content> now;
        try {
            before = read(earlier);
            now = read(arrived);
        } catch (IOException e) {
            // The disk fails now: nothing is decided, and the sender tries again.
            throw StorageFailure.of(e);
        }
        if (before.isEmpty() || now.isEmpty()) {
            return Likeness.OTHER_CONTENT;
        }
        if (before.get().canonicalSha256.equals(now.get().canonicalSha256)) {
            return Likeness.SAME_DATA_SET;
        }
        boolean samePixels =
                before.get().pixels.isPresent() && before.get().pixels.equals(now.get().pixels);
        return samePixels ? Likeness.SAME_PIXELS : Likeness.OTHER_CONTENT;
    }

    /** Empty when its file is gone, or is no whole data set: only headers are looked at when an object comes in. */
    private Optional<Content> read(StoredInstance instance) throws IOException {
        Path file = layout.root().resolve(instance.file());
        Optional<TransferSyntax> syntax = TransferSyntax.of(instance.transferSyntaxUid());
        if (syntax.isEmpty() || disk.size(file).isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = new BufferedInputStream(disk.read(file), 1 << 16)) {
            FileMetaInformation.skip(in);
            DataSet dataSet = DataSetReader.read(
                            in, syntax.get(), ReadOptions.all().withMaxTotalBytes(maximumBytes))
                    .dataSet();
            return Optional.of(new Content(CanonicalDataSet.sha256(dataSet), pixels(dataSet, syntax.get())));
        } catch (WalnutException notWhole) {
            return Optional.empty();
        }
    }

    /**
     * Shape and digest of the pixels. Uncompressed integers: {@code pixelSha256} of design §4. Others are compared as they
     * are encoded, under the same transfer syntax. Empty when there are none.
     */
    private static Optional<String> pixels(DataSet dataSet, TransferSyntax syntax) {
        Optional<Element> element = dataSet.element(Tag.PixelData)
                .or(() -> dataSet.element(Tag.FloatPixelData))
                .or(() -> dataSet.element(Tag.DoubleFloatPixelData))
                .filter(found -> !found.isEmpty() || found.isEncapsulated());
        if (element.isEmpty()) {
            return Optional.empty();
        }
        try {
            StoredPixels pixels = StoredPixels.read(dataSet, syntax);
            return Optional.of("stored " + pixels.frames() + "x" + pixels.rows() + "x" + pixels.columns() + "x"
                    + pixels.samplesPerPixel() + " " + pixels.sha256());
        } catch (WalnutException e) {
            if (e.code() != FailureCode.PIXELS_NOT_DECODABLE) {
                throw e;
            }
        }
        MessageDigest digest = Sha256.begin();
        Element encoded = element.get();
        List<byte[]> fragments = encoded.isEncapsulated() ? encoded.fragments() : List.of(encoded.bytes());
        // The first fragment is the Basic Offset Table, which says nothing that the others do not.
        fragments.stream().skip(encoded.isEncapsulated() ? 1 : 0).forEach(digest::update);
        return Optional.of("encoded " + (encoded.isEncapsulated() ? syntax.uid() : "native") + " "
                + dataSet.string(Tag.NumberOfFrames).orElse("1") + "x"
                + dataSet.integer(Tag.Rows).orElse(0) + "x"
                + dataSet.integer(Tag.Columns).orElse(0) + "x"
                + dataSet.integer(Tag.BitsAllocated).orElse(0) + " "
                + Sha256.hex(digest));
    }
}
