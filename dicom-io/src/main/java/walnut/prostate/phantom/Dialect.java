package walnut.prostate.phantom;

import java.util.List;

/**
 * How one fictional scanner acquires, computes and names its images: physics as well as tags.
 *
 * @param manufacturer what the headers say
 * @param fieldTesla magnetic field strength
 * @param t2wEchoTimeMs effective echo time of the T2W
 * @param t2wScale stored value of signal 1
 * @param t2wNoise noise standard deviation as a share of the peripheral zone's signal
 * @param t2wMatrix rows and columns of the T2W
 * @param t2wPixelMm T2W pixel, mm
 * @param slices number of slices of every series
 * @param sliceMm distance between slices and their thickness, mm
 * @param dwiEchoTimeMs echo time of the DWI
 * @param dwiScale stored value of signal 1 on DWI
 * @param dwiMatrix rows and columns of the DWI
 * @param dwiPixelMm DWI pixel, mm
 * @param bValues acquired b-values, s/mm², rising
 * @param averages averages of each b-value, taken after the magnitude
 * @param computedB b-value of the high-b series that the scanner computes
 * @param dwiSnr signal-to-noise of one average at signal .55
 * @param adcMaskLevel signal of the lowest b-value under which the scanner writes ADC 0
 * @param biasStrength strength of the receive field's inhomogeneity
 * @param ghostAmplitude largest amplitude of a ghost
 * @param distortionMm scale of the echo-planar displacement along the phase encoding, mm
 */
public record Dialect(
        String manufacturer,
        double fieldTesla,
        double t2wEchoTimeMs,
        double t2wScale,
        double t2wNoise,
        int t2wMatrix,
        double t2wPixelMm,
        int slices,
        double sliceMm,
        double dwiEchoTimeMs,
        double dwiScale,
        int dwiMatrix,
        double dwiPixelMm,
        List<Integer> bValues,
        List<Integer> averages,
        int computedB,
        double dwiSnr,
        double adcMaskLevel,
        double biasStrength,
        double ghostAmplitude,
        double distortionMm) {

    /** 3 T, traces at b 50, 400 and 800, high b computed at 1400 and delivered as a series of its own. */
    public static final Dialect SYNTH_A = new Dialect(
            "SYNTH-A",
            3,
            101,
            900,
            .011,
            256,
            .6,
            20,
            3,
            63,
            2000,
            84,
            2,
            List.of(50, 400, 800),
            List.of(1, 2, 4),
            1400,
            52,
            .09,
            .15,
            .06,
            3);

    public Dialect {
        bValues = List.copyOf(bValues);
        averages = List.copyOf(averages);
        if (bValues.size() < 2 || bValues.size() != averages.size()) {
            throw new IllegalArgumentException("an ADC needs two b-values, each with its averages, got " + bValues);
        }
    }

    /** The same scanner reading out only the middle of the T2W and DWI: what training wants, at a fraction of the time. */
    public Dialect withCentralField(double fieldMm) {
        int t2wCropped = 2 * (int) Math.ceil(fieldMm / t2wPixelMm / 2);
        int dwiCropped = 2 * (int) Math.ceil((fieldMm + 8) / dwiPixelMm / 2);
        return new Dialect(
                manufacturer,
                fieldTesla,
                t2wEchoTimeMs,
                t2wScale,
                t2wNoise,
                Math.min(t2wMatrix, t2wCropped),
                t2wPixelMm,
                slices,
                sliceMm,
                dwiEchoTimeMs,
                dwiScale,
                Math.min(dwiMatrix, dwiCropped),
                dwiPixelMm,
                bValues,
                averages,
                computedB,
                dwiSnr,
                adcMaskLevel,
                biasStrength,
                ghostAmplitude,
                distortionMm);
    }

    /** The same scanner with a coarser or finer T2W over the same field of view. */
    public Dialect withT2wMatrix(int matrix) {
        return new Dialect(
                manufacturer,
                fieldTesla,
                t2wEchoTimeMs,
                t2wScale,
                t2wNoise,
                matrix,
                t2wPixelMm * t2wMatrix / matrix,
                slices,
                sliceMm,
                dwiEchoTimeMs,
                dwiScale,
                dwiMatrix,
                dwiPixelMm,
                bValues,
                averages,
                computedB,
                dwiSnr,
                adcMaskLevel,
                biasStrength,
                ghostAmplitude,
                distortionMm);
    }
}
