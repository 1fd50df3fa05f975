package walnut.prostate.phantom;

import java.util.List;

/**
 * How one fictional scanner acquires, computes and names its images: physics as well as tags.
 *
 * @param manufacturer what the headers say
 * @param fieldTesla magnetic field strength
 * @param t2Factor factor on the tissue table's T2, which are those of 3 T
 * @param slices number of slices of every series
 * @param sliceMm distance between slices and their thickness, mm
 * @param obliqueRadians how far the technologist tilts all planes about the left-right axis, beyond the patient's own
 * @param biasStrength strength of the receive field's inhomogeneity
 * @param ghostAmplitude largest amplitude of a ghost
 * @param habit how series, b-values and stored values are written
 */
public record Dialect(
        String manufacturer,
        double fieldTesla,
        double t2Factor,
        int slices,
        double sliceMm,
        double obliqueRadians,
        T2w t2w,
        Dwi dwi,
        double biasStrength,
        double ghostAmplitude,
        HeaderHabit habit) {

    /**
     * The T2W.
     *
     * @param echoTimeMs effective echo time
     * @param repetitionTimeMs repetition time
     * @param scale stored value of signal 1
     * @param noise noise standard deviation as a share of the peripheral zone's signal
     * @param matrix rows and columns
     * @param pixelMm pixel, mm
     */
    public record T2w(
            double echoTimeMs, double repetitionTimeMs, double scale, double noise, int matrix, double pixelMm) {}

    /**
     * The DWI with what is computed from it.
     *
     * @param echoTimeMs echo time
     * @param scale stored value of signal 1
     * @param matrix rows and columns
     * @param pixelMm pixel, mm
     * @param bValues acquired b-values, s/mm², rising; those up to 1000 make the ADC
     * @param averages averages of each b-value, taken after the magnitude
     * @param highB b-value of the delivered high-b images: computed by the scanner unless it is one of those acquired
     * @param snr signal-to-noise of one average at signal .55
     * @param blur share of a pixel's signal that its neighbour on each side receives in the read-out
     * @param adcMaskLevel signal of the lowest b-value under which the scanner writes ADC 0; 0 masks nothing
     * @param adcGain ADC that the scanner measures for 1 of the truth
     * @param distortionMm scale of the echo-planar displacement along the phase encoding, mm
     */
    public record Dwi(
            double echoTimeMs,
            double scale,
            int matrix,
            double pixelMm,
            List<Integer> bValues,
            List<Integer> averages,
            int highB,
            double snr,
            double blur,
            double adcMaskLevel,
            double adcGain,
            double distortionMm) {
        /** The b-values above which kurtosis makes a mono-exponential ADC wrong. */
        private static final int HIGHEST_OF_ADC = 1000;

        public Dwi {
            bValues = List.copyOf(bValues);
            averages = List.copyOf(averages);
            if (bValues.size() != averages.size()
                    || bValues.stream().filter(b -> b <= HIGHEST_OF_ADC).count() < 2) {
                throw new IllegalArgumentException(
                        "an ADC needs two b-values up to 1000, each with its averages, got " + bValues);
            }
        }

        public boolean computesHighB() {
            return !bValues.contains(highB);
        }

        /** Number of b-values, from the lowest, that the ADC is fitted to. */
        int valuesOfAdc() {
            return (int) bValues.stream().filter(b -> b <= HIGHEST_OF_ADC).count();
        }
    }

    /** How a maker lays out its series. */
    public enum HeaderHabit {
        /** All traces in one series, b-value after b-value; computed images in their own. */
        TRACES_TOGETHER,
        /** A series for each b-value, whose number stands in its name and privately, not in the standard attribute. */
        SERIES_PER_B,
        /** One series, the b-values of a slice one after the other; stored values with a slope. */
        INTERLEAVED
    }

    /** 3 T; traces at b 50, 400 and 800; high b computed at 1400 and delivered as a series of its own. */
    public static final Dialect SYNTH_A = new Dialect(
            "SYNTH-A",
            3,
            1,
            20,
            3,
            0,
            new T2w(101, 4500, 900, .011, 256, .6),
            new Dwi(63, 2000, 84, 2, List.of(50, 400, 800), List.of(1, 2, 4), 1400, 52, .11, .09, 1, 3),
            .15,
            .06,
            HeaderHabit.TRACES_TOGETHER);

    /** 3 T; b 0, 500 and 1000 in a series each; the acquired b 1000 is the high b; nothing masked. */
    public static final Dialect SYNTH_B = new Dialect(
            "SYNTH-B",
            3,
            1,
            20,
            3.3,
            0,
            new T2w(112, 3800, 320, .016, 272, .6),
            new Dwi(78, 1400, 96, 1.75, List.of(0, 500, 1000), List.of(1, 2, 4), 1000, 44, .15, 0, 1.02, 4),
            .28,
            .10,
            HeaderHabit.SERIES_PER_B);

    /** 1.5 T; b 100, 800 and 2000 interleaved in one series; coarse, noisy, the ADC a little low. */
    public static final Dialect SYNTH_C = new Dialect(
            "SYNTH-C",
            1.5,
            1.12,
            16,
            4,
            0,
            new T2w(88, 5200, 2600, .023, 224, .75),
            new Dwi(92, 3000, 70, 2.4, List.of(100, 800, 2000), List.of(1, 2, 4), 2000, 62, .20, 0, .94, 6),
            .45,
            .16,
            HeaderHabit.INTERLEAVED);

    /** Never trained on: b 50 and 800, high b computed at 2000, 4 mm, all planes tilted by 15 degrees. */
    public static final Dialect SYNTH_D = new Dialect(
            "SYNTH-D",
            3,
            1,
            16,
            4,
            .26,
            new T2w(96, 6100, 1500, .018, 240, .65),
            new Dwi(70, 2400, 76, 2.2, List.of(50, 800), List.of(2, 6), 2000, 48, .13, .07, 1.04, 5),
            .35,
            .12,
            HeaderHabit.TRACES_TOGETHER);

    /** The scanner that a patient of this seed is sent to: A, B and C as .40, .35 and .25. */
    public static Dialect home(long seed) {
        return List.of(SYNTH_A, SYNTH_B, SYNTH_C).get(new SeedStream(seed, 8).choice(.40, .35, .25));
    }

    /** The same scanner reading out only the middle of T2W and DWI: what training wants, at a fraction of the time. */
    public Dialect withCentralField(double fieldMm) {
        int t2wCropped = 2 * (int) Math.ceil(fieldMm / t2w.pixelMm / 2);
        int dwiCropped = 2 * (int) Math.ceil((fieldMm + 8) / dwi.pixelMm / 2);
        return with(
                new T2w(
                        t2w.echoTimeMs,
                        t2w.repetitionTimeMs,
                        t2w.scale,
                        t2w.noise,
                        Math.min(t2w.matrix, t2wCropped),
                        t2w.pixelMm),
                new Dwi(
                        dwi.echoTimeMs,
                        dwi.scale,
                        Math.min(dwi.matrix, dwiCropped),
                        dwi.pixelMm,
                        dwi.bValues,
                        dwi.averages,
                        dwi.highB,
                        dwi.snr,
                        dwi.blur,
                        dwi.adcMaskLevel,
                        dwi.adcGain,
                        dwi.distortionMm));
    }

    /** The same scanner with a coarser or finer T2W over the same field of view. */
    public Dialect withT2wMatrix(int matrix) {
        return withT2w(matrix, t2w.pixelMm * t2w.matrix / matrix);
    }

    /** The same scanner with another T2W matrix and pixel. */
    public Dialect withT2w(int matrix, double pixelMm) {
        return with(new T2w(t2w.echoTimeMs, t2w.repetitionTimeMs, t2w.scale, t2w.noise, matrix, pixelMm), dwi);
    }

    /** The same scanner with another echo time of its spin echo. */
    public Dialect withT2wEcho(double echoTimeMs, double repetitionTimeMs) {
        return with(new T2w(echoTimeMs, repetitionTimeMs, t2w.scale, t2w.noise, t2w.matrix, t2w.pixelMm), dwi);
    }

    /** The same scanner with other slices in every series. */
    public Dialect withSlices(int count, double distanceMm) {
        return new Dialect(
                manufacturer,
                fieldTesla,
                t2Factor,
                count,
                distanceMm,
                obliqueRadians,
                t2w,
                dwi,
                biasStrength,
                ghostAmplitude,
                habit);
    }

    private Dialect with(T2w otherT2w, Dwi otherDwi) {
        return new Dialect(
                manufacturer,
                fieldTesla,
                t2Factor,
                slices,
                sliceMm,
                obliqueRadians,
                otherT2w,
                otherDwi,
                biasStrength,
                ghostAmplitude,
                habit);
    }
}
