package walnut.prostate.series;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How a frame was made, as far as roles and the sorting of repeats need it. Texts are as written, "" where absent.
 *
 * @param imageType ImageType (0008,0008), or FrameType of a multi-frame object
 * @param scanningSequence SE, GR, EP, IR; derived from the Enhanced MR attributes where those replace it
 * @param scanOptions for example FS for fat saturation
 * @param sequenceName SequenceName (0018,0024) or PulseSequenceName (0018,9005)
 * @param mrAcquisitionType 2D or 3D
 * @param acquisitionContrast AcquisitionContrast (0008,9209) of Enhanced MR: T2, PROTON_DENSITY, DIFFUSION …
 * @param contrastAgent ContrastBolusAgent (0018,0010)
 * @param timeOfAcquisition date and time as written, "yyyymmddhhmmss.ffffff", for telling repeats apart
 * @param comment ImageComments and DerivationDescription
 */
public record Acquisition(
        List<String> imageType,
        List<String> scanningSequence,
        List<String> scanOptions,
        String sequenceName,
        String mrAcquisitionType,
        String acquisitionContrast,
        OptionalDouble echoTimeMs,
        OptionalDouble repetitionTimeMs,
        OptionalDouble inversionTimeMs,
        OptionalDouble flipAngleDegrees,
        String contrastAgent,
        OptionalInt acquisitionNumber,
        OptionalInt temporalPosition,
        OptionalInt instanceNumber,
        String timeOfAcquisition,
        String comment) {

    public Acquisition {
        imageType = List.copyOf(imageType);
        scanningSequence = List.copyOf(scanningSequence);
        scanOptions = List.copyOf(scanOptions);
    }
}
