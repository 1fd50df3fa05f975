package walnut.prostate.series;

import java.util.Optional;

/**
 * One picture: a classic instance, a frame of a multi-frame instance, or a tile of a mosaic.
 *
 * @param plane empty where position, orientation or spacing is missing
 * @param rescaleSlope stored value × slope + intercept = modality value
 */
public record Frame(
        String sopInstanceUid,
        PixelLocation pixels,
        Optional<ImagePlane> plane,
        Diffusion diffusion,
        Acquisition acquisition,
        double rescaleSlope,
        double rescaleIntercept) {}
