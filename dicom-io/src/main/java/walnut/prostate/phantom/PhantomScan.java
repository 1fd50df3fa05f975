package walnut.prostate.phantom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import walnut.volume.Lps;
import walnut.volume.Mask;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

/**
 * One visit to a fictional scanner: samples the anatomy, applies the physics and the scanner's faults, and stores
 * what a real one stores, whole numbers.
 *
 * <p>T2W = PD·exp(−TE/T2)·(1−f) + f·fat level. DWI S0 = PD·exp(−TE/T2)·(1−f) + .05·f·fat level, and
 * S(b) = S0·exp(−b·D) with a kurtosis factor exp((b²−1000²)·D²·K/6) above b = 1000 s/mm². ADC is estimated from the
 * noisy traces up to b 1000 by a log-linear fit, as the scanner does; a computed high b-value comes from that fit, an
 * acquired one is its trace. Neither is taken from the truth.
 */
final class PhantomScan {
    private static final double FAT_SUPPRESSION = .05;
    private static final double KURTOSIS_FROM_B = 1000;

    /** Share of scans with a ghost, T2W and DWI each. */
    private static final double GHOST_RATE = .3;

    /** Standard deviation of the movement between two b-values along rows and columns. */
    private static final double MOTION_MM = .5;

    private final Dialect dialect;
    private final Imperfections faults;
    private final PhantomAnatomy anatomy;
    private final SeedStream stream;
    private final double fatLevel;
    private final Lps glandCentre;
    private final Lps directionI;
    private final Lps directionJ;
    private final Lps directionK;
    private final Lps volumeCentre;
    private final Lps misregistration;
    private final double adcGain;

    /** Everything one visit yields. Zones and lesions lie on the T2W grid. */
    record Images(
            Volume t2w, List<Volume> traces, Volume adc, Volume highB, Mask zones, Mask lesions, Lps glandCentre) {}

    PhantomScan(Dialect dialect, PhantomRecipe recipe, PhantomAnatomy anatomy, long seed, int visit) {
        this.dialect = dialect;
        this.anatomy = anatomy;
        stream = new SeedStream(seed, 2, visit);
        SeedStream position = new SeedStream(seed, 3, visit);
        fatLevel = .45 * stream.logNormal(1, .08);
        glandCentre = new Lps(position.normal(0, 4), 12 + position.normal(0, 6), -20 + position.normal(0, 10));
        double tiltX = clip(position.normal(-.12, .12), -.4, .3) + dialect.obliqueRadians();
        double tiltY = position.normal(0, .025);
        double tiltZ = position.normal(0, .025);
        directionI = turned(new Lps(1, 0, 0), tiltX, tiltY, tiltZ);
        directionJ = turned(new Lps(0, 1, 0), tiltX, tiltY, tiltZ);
        directionK = directionI.cross(directionJ).unit();
        volumeCentre = glandCentre.plus(new Lps(position.normal(0, 3), position.normal(0, 3), position.normal(0, 3)));
        faults = recipe.imperfections();
        misregistration = new Lps(stream.normal(0, 1), stream.normal(0, 1.2), stream.normal(0, 1))
                .times(faults.of(Imperfection.MISREGISTRATION));
        adcGain = dialect.dwi().adcGain() * (1 + .03 * faults.of(Imperfection.ADC_GAIN) * stream.normal());
    }

    private static double clip(double value, double low, double high) {
        return Math.max(low, Math.min(high, value));
    }

    private static Lps turned(Lps v, double aboutX, double aboutY, double aboutZ) {
        double cx = StrictMath.cos(aboutX);
        double sx = StrictMath.sin(aboutX);
        Lps x = new Lps(v.x(), cx * v.y() - sx * v.z(), sx * v.y() + cx * v.z());
        double cy = StrictMath.cos(aboutY);
        double sy = StrictMath.sin(aboutY);
        Lps y = new Lps(cy * x.x() + sy * x.z(), x.y(), -sy * x.x() + cy * x.z());
        double cz = StrictMath.cos(aboutZ);
        double sz = StrictMath.sin(aboutZ);
        return new Lps(cz * y.x() - sz * y.y(), sz * y.x() + cz * y.y(), y.z());
    }

    /** S(b) of one compartment; ADC in 1e-6 mm²/s, b in s/mm². */
    static double diffusionSignal(double s0, double adc, double kurtosis, double b) {
        double exponent = -b * adc * 1e-6;
        if (b > KURTOSIS_FROM_B) {
            double d = adc * 1e-6;
            exponent += (b * b - KURTOSIS_FROM_B * KURTOSIS_FROM_B) * d * d * kurtosis / 6;
        }
        return s0 * StrictMath.exp(exponent);
    }

    private VolumeGeometry grid(int matrix, double pixelMm) {
        Lps corner = volumeCentre
                .minus(directionI.times((matrix - 1) / 2.0 * pixelMm))
                .minus(directionJ.times((matrix - 1) / 2.0 * pixelMm))
                .minus(directionK.times((dialect.slices() - 1) / 2.0 * dialect.sliceMm()));
        return new VolumeGeometry(
                matrix,
                matrix,
                dialect.slices(),
                pixelMm,
                pixelMm,
                dialect.sliceMm(),
                corner,
                directionI,
                directionJ,
                directionK);
    }

    // Anatomical position of a point given along rows (u), columns (v) and slices (w), mm from the volume's centre.

    private double x(double u, double v, double w) {
        return directionI.x() * u + directionJ.x() * v + directionK.x() * w + volumeCentre.x() - glandCentre.x();
    }

    private double y(double u, double v, double w) {
        return directionI.y() * u + directionJ.y() * v + directionK.y() * w + volumeCentre.y() - glandCentre.y();
    }

    private double z(double u, double v, double w) {
        return directionI.z() * u + directionJ.z() * v + directionK.z() * w + volumeCentre.z() - glandCentre.z();
    }

    Images acquire() {
        VolumeGeometry t2wGrid = grid(dialect.t2w().matrix(), dialect.t2w().pixelMm());
        byte[] zones = new byte[(int) t2wGrid.voxelCount()];
        byte[] lesions = new byte[zones.length];
        Volume t2w = acquireT2w(t2wGrid, zones, lesions);
        List<Volume> traces =
                acquireTraces(grid(dialect.dwi().matrix(), dialect.dwi().pixelMm()));
        Volume[] maps = computeMaps(traces);
        return new Images(
                t2w, traces, maps[0], maps[1], new Mask(t2wGrid, zones), new Mask(t2wGrid, lesions), glandCentre);
    }

    // ---------------------------------------------------------------- T2W

    private Volume acquireT2w(VolumeGeometry grid, byte[] zones, byte[] lesions) {
        float[] signal = new float[zones.length];
        BiasField bias = new BiasField(stream, faults.of(Imperfection.BIAS) * dialect.biasStrength(), .5);
        TissueSample tissue = new TissueSample();
        double scale = dialect.t2w().scale() * stream.logNormal(1, .2);
        double echo = dialect.t2w().echoTimeMs() / dialect.t2Factor();
        int n = dialect.t2w().matrix();
        double middle = (n - 1) / 2.0;
        double middleSlice = (grid.slices() - 1) / 2.0;
        for (int k = 0, index = 0; k < grid.slices(); k++) {
            for (int j = 0; j < n; j++) {
                for (int i = 0; i < n; i++, index++) {
                    double u = (i - middle) * grid.spacingI();
                    double v = (j - middle) * grid.spacingJ();
                    double w = (k - middleSlice) * grid.spacingK();
                    anatomy.sample(x(u, v, w), y(u, v, w), z(u, v, w), false, tissue);
                    double value = tissue.fatFraction * fatLevel * tissue.protonDensity / Tissue.FAT.protonDensity;
                    if (tissue.fatFraction < 1) {
                        value += (1 - tissue.fatFraction) * tissue.protonDensity * StrictMath.exp(-echo / tissue.t2);
                    }
                    signal[index] = (float) (value * bias.at(u, v, w));
                    zones[index] = (byte) tissue.zone.label();
                    lesions[index] = (byte) tissue.lesion;
                }
            }
        }
        if (stream.chance(GHOST_RATE)) {
            int shift = (int) (n * stream.uniform(.2, .5));
            addGhost(signal, n, shift, stream.uniform(0, faults.of(Imperfection.GHOST) * dialect.ghostAmplitude()));
        }
        double peripheralSignal =
                Tissue.PERIPHERAL_ZONE.protonDensity * StrictMath.exp(-echo / Tissue.PERIPHERAL_ZONE.t2);
        double noise =
                dialect.t2w().noise() * peripheralSignal * faults.of(Imperfection.NOISE) * stream.logNormal(1, .15);
        for (int index = 0; index < signal.length; index++) {
            signal[index] = stored(scale * rician(signal[index], noise));
        }
        return new Volume(grid, signal);
    }

    /** A faint copy of the image shifted along the phase encoding (rows), as pulsation leaves behind. */
    private static void addGhost(float[] signal, int matrix, int shift, double amplitude) {
        float[] copy = signal.clone();
        for (int k = 0; k < signal.length / (matrix * matrix); k++) {
            for (int j = 0; j < matrix; j++) {
                int from = (k * matrix + (j + shift) % matrix) * matrix;
                int to = (k * matrix + j) * matrix;
                for (int i = 0; i < matrix; i++) {
                    signal[to + i] += (float) (amplitude * copy[from + i]);
                }
            }
        }
    }

    /** Magnitude of a complex signal with independent normal noise in both channels. */
    private double rician(double signal, double sigma) {
        double real = signal + sigma * stream.normal();
        double imaginary = sigma * stream.normal();
        return Math.sqrt(real * real + imaginary * imaginary);
    }

    /** The nearest whole number that 12 bits hold. */
    private static float stored(double value) {
        return (float) Math.floor(clip(value, 0, 4095) + .5);
    }

    // ---------------------------------------------------------------- DWI

    private List<Volume> acquireTraces(VolumeGeometry grid) {
        Dialect.Dwi protocol = dialect.dwi();
        int n = protocol.matrix();
        double middle = (n - 1) / 2.0;
        double middleSlice = (grid.slices() - 1) / 2.0;
        int voxels = (int) grid.voxelCount();
        List<Integer> bValues = protocol.bValues();
        float[][] signals = new float[bValues.size()][voxels];
        BiasField bias = new BiasField(stream, faults.of(Imperfection.BIAS) * dialect.biasStrength(), .8);
        ValueNoise wander = new ValueNoise(new SeedStream(stream.nextLong()));
        double amplitude = protocol.distortionMm() * stream.uniform(.2, 1);
        double echo = protocol.echoTimeMs() / dialect.t2Factor();
        double[] fatDecay = bValues.stream()
                .mapToDouble(b -> diffusionSignal(1, Tissue.FAT.adc, 0, b))
                .toArray();
        TissueSample tissue = new TissueSample();
        for (int k = 0, index = 0; k < grid.slices(); k++) {
            for (int j = 0; j < n; j++) {
                for (int i = 0; i < n; i++, index++) {
                    double u = (i - middle) * grid.spacingI();
                    double v = (j - middle) * grid.spacingJ();
                    double gain = bias.at(u, v, (k - middleSlice) * grid.spacingK());
                    for (int half = 0; half < 2; half++) {
                        double w = (k + (half - .5) / 2 - middleSlice) * grid.spacingK();
                        double x = x(u, v, w) + misregistration.x();
                        double y = y(u, v, w) + misregistration.y();
                        double z = z(u, v, w) + misregistration.z();
                        double shift = displacement(x, y, z, amplitude, wander);
                        double next = displacement(x, y + 1, z, amplitude, wander);
                        double pileUp = clip(Math.abs(1 + next - shift), .4, 2.2);
                        anatomy.sample(x, y + shift, z, true, tissue);
                        double fat = .5 * gain * pileUp * FAT_SUPPRESSION * tissue.fatFraction * fatLevel;
                        for (int b = 0; b < signals.length; b++) {
                            signals[b][index] += (float) (fat * fatDecay[b]);
                        }
                        if (tissue.fatFraction < 1) {
                            double water = tissue.protonDensity * StrictMath.exp(-echo / tissue.t2);
                            double waterS0 = .5 * gain * pileUp * water * (1 - tissue.fatFraction);
                            double adc = tissue.adc * adcGain;
                            for (int b = 0; b < signals.length; b++) {
                                signals[b][index] +=
                                        (float) diffusionSignal(waterS0, adc, tissue.kurtosis, bValues.get(b));
                            }
                        }
                    }
                }
            }
        }
        boolean ghosted = stream.chance(GHOST_RATE);
        double ghost = stream.uniform(0, faults.of(Imperfection.GHOST) * dialect.ghostAmplitude());
        double sigma = .55 / protocol.snr() * faults.of(Imperfection.NOISE) * stream.logNormal(1, .15);
        List<Volume> traces = new ArrayList<>();
        for (int b = 0; b < signals.length; b++) {
            // He moves between the b-values, which blurs the ADC of small things.
            double right = faults.of(Imperfection.MOTION) * MOTION_MM * stream.normal() / protocol.pixelMm();
            double down = faults.of(Imperfection.MOTION) * MOTION_MM * stream.normal() / protocol.pixelMm();
            float[] signal = b == 0 ? signals[b] : moved(signals[b], n, right, down);
            if (ghosted) {
                addGhost(signal, n, n / 2, ghost);
            }
            float[] trace = noisyTrace(signal, n, sigma, protocol.averages().get(b));
            traces.add(new Volume(grid, trace));
        }
        return traces;
    }

    /** The slices displaced in plane by a part of a pixel, bilinear; what comes from outside repeats the edge. */
    private static float[] moved(float[] signal, int n, double right, double down) {
        float[] out = new float[signal.length];
        for (int index = 0; index < signal.length; index++) {
            int slice = index / (n * n) * n * n;
            double u = clip(index % n - right, 0, n - 1.0);
            double v = clip(index / n % n - down, 0, n - 1.0);
            int i = Math.min((int) u, n - 2);
            int j = Math.min((int) v, n - 2);
            int corner = slice + j * n + i;
            double upper = signal[corner] + (u - i) * (signal[corner + 1] - signal[corner]);
            double lower = signal[corner + n] + (u - i) * (signal[corner + n + 1] - signal[corner + n]);
            out[index] = (float) (upper + (v - j) * (lower - upper));
        }
        return out;
    }

    /** Echo-planar displacement along y, mm: gas in the rectum pushes, and the field wanders slowly elsewhere. */
    private double displacement(double x, double y, double z, double amplitude, ValueNoise wander) {
        double gas = anatomy.gasDistance(x, y, z);
        double near = gas < 40 ? StrictMath.exp(-gas * gas / 242) : 0;
        double pushed = amplitude * (Double.isInfinite(gas) ? .5 * .3 : 1.8 * near);
        return faults.of(Imperfection.DISTORTION) * (pushed + .8 * wander.at(x, y, z, 32, 1));
    }

    /** Blurs in plane as echo-planar readout does, adds noise to each average, and averages the magnitudes. */
    private float[] noisyTrace(float[] signal, int matrix, double sigma, int averages) {
        float[] trace = new float[signal.length];
        float[] blurred = blurInPlane(signal, matrix, dialect.dwi().blur());
        for (int index = 0; index < trace.length; index++) {
            double sum = 0;
            for (int average = 0; average < averages; average++) {
                sum += rician(blurred[index], sigma);
            }
            trace[index] = stored(dialect.dwi().scale() * sum / averages);
        }
        return trace;
    }

    private static float[] blurInPlane(float[] signal, int n, double side) {
        double centre = 1 - 2 * side;
        float[] rows = signal.clone();
        for (int index = 0; index < signal.length; index++) {
            int i = index % n;
            if (i > 0 && i < n - 1) {
                rows[index] = (float) (centre * signal[index] + side * (signal[index - 1] + signal[index + 1]));
            }
        }
        float[] both = rows.clone();
        for (int index = 0; index < signal.length; index++) {
            int j = index / n % n;
            if (j > 0 && j < n - 1) {
                both[index] = (float) (centre * rows[index] + side * (rows[index - n] + rows[index + n]));
            }
        }
        return both;
    }

    // ---------------------------------------------------------------- maps

    /** ADC map (1e-6 mm²/s) and high-b image from the stored traces: log-linear least squares over b up to 1000. */
    private Volume[] computeMaps(List<Volume> traces) {
        Dialect.Dwi protocol = dialect.dwi();
        VolumeGeometry grid = traces.get(0).geometry();
        int voxels = (int) grid.voxelCount();
        int count = protocol.valuesOfAdc();
        double[] bValues = protocol.bValues().stream()
                .limit(count)
                .mapToDouble(Integer::intValue)
                .toArray();
        double meanB = Arrays.stream(bValues).average().orElseThrow();
        double sumSquares =
                Arrays.stream(bValues).map(b -> (b - meanB) * (b - meanB)).sum();
        float[] adc = new float[voxels];
        float[] highB = new float[voxels];
        for (int index = 0; index < voxels; index++) {
            double meanLog = 0;
            double slope = 0;
            for (int b = 0; b < count; b++) {
                double log = StrictMath.log(Math.max(1, traces.get(b).values()[index]));
                meanLog += log / count;
                slope += (bValues[b] - meanB) * log;
            }
            double fitted = -slope / sumSquares * 1e6;
            boolean masked = traces.get(0).values()[index] < protocol.adcMaskLevel() * protocol.scale();
            adc[index] = masked ? 0 : stored(fitted);
            double logS0 = meanLog + fitted * 1e-6 * meanB;
            double computed = StrictMath.exp(logS0 - Math.max(0, fitted) * 1e-6 * protocol.highB());
            highB[index] = stored(masked ? .3 * computed : computed);
        }
        Volume delivered = protocol.computesHighB()
                ? new Volume(grid, highB)
                : traces.get(protocol.bValues().indexOf(protocol.highB()));
        return new Volume[] {new Volume(grid, adc), delivered};
    }

    /**
     * A smooth multiplicative receive field: the exponential of a quadratic in position.
     *
     * <p>exp(p) is taken as (1 + p/64)^64, six squarings: a receive field has no truth that the 0.3 % of difference
     * could be wrong about, and a study asks for it two million times.
     */
    private static final class BiasField {
        private static final double HALF_FIELD_MM = 77;
        private static final double HALF_DEPTH_MM = 30;

        private final double[] coefficients = new double[9];
        private final double lateral;

        BiasField(SeedStream stream, double strength, double lateral) {
            for (int term = 0; term < coefficients.length; term++) {
                coefficients[term] = stream.normal(0, .35 * strength);
            }
            this.lateral = lateral * strength;
        }

        double at(double u, double v, double w) {
            double x = u / HALF_FIELD_MM;
            double y = v / HALF_FIELD_MM;
            double z = w / HALF_DEPTH_MM;
            double[] q = coefficients;
            double polynomial = q[0] * x
                    + q[1] * y
                    + q[2] * z
                    + q[3] * x * y
                    + q[4] * x * z
                    + q[5] * y * z
                    + q[6] * (x * x - 1.0 / 3)
                    + q[7] * (y * y - 1.0 / 3)
                    + q[8] * (z * z - 1.0 / 3);
            double root = 1 + (polynomial + lateral * (x * x - 1.0 / 3)) / 64;
            double power = root * root;
            power *= power;
            power *= power;
            power *= power;
            power *= power;
            return power * power;
        }
    }
}
