package walnut.dicom.object;

import java.util.List;
import java.util.stream.IntStream;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Uid;
import walnut.dicom.data.Vr;

/**
 * Pictures of a result as one series of Secondary Capture Image Storage (PS3.3 A.8.1), one single-frame instance a
 * picture: what every archive stores and every viewer shows.
 */
public final class SecondaryCapture {
    /** Beyond what modalities number, so that the series comes last. */
    private static final int SERIES_NUMBER = 9001;

    private SecondaryCapture() {}

    /**
     * One picture.
     *
     * @param rgb 8-bit red, green, blue of each pixel, rows from the top, columns from the left
     * @param description what it shows, in words
     * @param sources images that it was drawn from
     */
    public record Picture(int columns, int rows, byte[] rgb, String description, List<ImageReference> sources) {
        public Picture {
            sources = List.copyOf(sources);
            if (rgb.length != 3 * columns * rows) {
                throw new IllegalArgumentException(
                        "expected " + 3 * columns * rows + " bytes of RGB, got " + rgb.length);
            }
        }
    }

    /** @return the instances, in the order of the pictures; InstanceNumber counts from 1 */
    public static List<DataSet> series(ResultContext context, String seriesDescription, List<Picture> pictures) {
        String seriesInstanceUid = context.uid("SC");
        return IntStream.range(0, pictures.size())
                .mapToObj(index -> instance(context, seriesDescription, seriesInstanceUid, index, pictures.get(index)))
                .toList();
    }

    private static DataSet instance(
            ResultContext context, String seriesDescription, String seriesInstanceUid, int index, Picture picture) {
        DataSet.Builder instance = context.header()
                .putString(Tag.SOPClassUID, Uid.SecondaryCaptureImageStorage)
                .putString(Tag.SOPInstanceUID, context.uid("SC", index))
                .putString(Tag.ImageType, "DERIVED", "SECONDARY", "OTHER")
                .putString(Tag.Modality, "OT")
                .putString(Tag.BodyPartExamined, "PROSTATE")
                .putString(Tag.ConversionType, "WSD")
                .putString(Tag.SeriesInstanceUID, seriesInstanceUid)
                .putInteger(Tag.SeriesNumber, SERIES_NUMBER)
                .putString(Tag.SeriesDescription, seriesDescription)
                .putInteger(Tag.InstanceNumber, index + 1)
                .putString(Tag.ImageComments, picture.description())
                .putString(Tag.DerivationDescription, picture.description())
                .putEmpty(Tag.PatientOrientation)
                .putString(Tag.BurnedInAnnotation, "YES")
                .putString(Tag.RecognizableVisualFeatures, "NO")
                .putString(Tag.LossyImageCompression, "00")
                .putInteger(Tag.SamplesPerPixel, 3)
                .putString(Tag.PhotometricInterpretation, "RGB")
                .putInteger(Tag.PlanarConfiguration, 0)
                .putInteger(Tag.Rows, picture.rows())
                .putInteger(Tag.Columns, picture.columns())
                .putInteger(Tag.BitsAllocated, 8)
                .putInteger(Tag.BitsStored, 8)
                .putInteger(Tag.HighBit, 7)
                .putInteger(Tag.PixelRepresentation, 0)
                .putBytes(Tag.PixelData, Vr.OB, picture.rgb());
        if (!picture.sources().isEmpty()) {
            instance.putItems(
                    Tag.SourceImageSequence,
                    picture.sources().stream().map(ImageReference::item).toList());
        }
        return instance.build();
    }
}
