package walnut.server.http;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import walnut.server.frames.Pane;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

/**
 * A drawn pelvis, just enough to look at: body, gland with a bright peripheral zone, and a lesion that is dark on T2W and
 * ADC and bright on the high b-value, under one peak of the heatmap. The T2W grid is oblique and the others are coarser.
 */
public final class PelvisVolumes {
    /** 10° about x. */
    private static final double COS = 0.984807753012208;

    private static final double SIN = 0.17364817766693033;
    private static final Lps I = new Lps(1, 0, 0);
    private static final Lps J = new Lps(0, COS, SIN);
    private static final Lps K = new Lps(0, -SIN, COS);
    private static final Lps CENTRE = new Lps(2, 25, -40);

    public static final VolumeGeometry T2W = centred(256, 256, 20, 0.7, 0.7, 3);
    static final VolumeGeometry ADC = centred(96, 80, 20, 2, 2.2, 3);

    /** In the peripheral zone on the patient's left, towards the back. */
    public static final Lps LESION = CENTRE.plus(I.times(12)).plus(J.times(9)).plus(K.times(4.5));

    private static final double LESION_RADIUS = 6;

    private PelvisVolumes() {}

    public static Map<Pane, Volume> all() {
        Map<Pane, Volume> volumes = new EnumMap<>(Pane.class);
        volumes.put(Pane.T2W, drawn(T2W, 1, PelvisVolumes::t2w));
        volumes.put(Pane.ADC, drawn(ADC, 2, PelvisVolumes::adc));
        volumes.put(Pane.HBV, drawn(ADC, 3, PelvisVolumes::hbv));
        volumes.put(Pane.HEATMAP, drawn(T2W, 4, (p, noise) -> 0.92 * bump(p, LESION, LESION_RADIUS)));
        return volumes;
    }

    private interface Tissue {
        double at(Lps point, double noise);
    }

    private static double t2w(Lps p, double noise) {
        if (ellipsoid(p, CENTRE, 85, 60, 200) > 1) {
            return 12 * Math.abs(noise);
        }
        double base = 260 + 30 * noise;
        double gland = ellipsoid(p, CENTRE, 24, 18, 22);
        if (gland < 1) {
            double transition = ellipsoid(p, CENTRE.plus(J.times(-4)), 16, 11, 15);
            base = (transition < 1 ? 380 : 640) + 70 * noise;
        } else if (gland < 1.25) {
            base = 130 + 20 * noise;
        }
        return base * (1 - 0.62 * bump(p, LESION, LESION_RADIUS));
    }

    private static double adc(Lps p, double noise) {
        if (ellipsoid(p, CENTRE, 85, 60, 200) > 1) {
            return 0;
        }
        double base = ellipsoid(p, CENTRE, 24, 18, 22) < 1 ? 1700 : 1200;
        return (base + 120 * noise) * (1 - 0.6 * bump(p, LESION, LESION_RADIUS));
    }

    private static double hbv(Lps p, double noise) {
        if (ellipsoid(p, CENTRE, 85, 60, 200) > 1) {
            return 2 * Math.abs(noise);
        }
        double base = ellipsoid(p, CENTRE, 24, 18, 22) < 1 ? 40 : 22;
        return base + 5 * noise + 90 * bump(p, LESION, LESION_RADIUS);
    }

    private static double ellipsoid(Lps p, Lps centre, double a, double b, double c) {
        Lps d = p.minus(centre);
        double x = d.dot(I) / a;
        double y = d.dot(J) / b;
        double z = d.dot(K) / c;
        return x * x + y * y + z * z;
    }

    private static double bump(Lps p, Lps centre, double radius) {
        double r = p.minus(centre).length() / radius;
        return StrictMath.exp(-r * r);
    }

    private static Volume drawn(VolumeGeometry grid, long seed, Tissue tissue) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[(int) grid.voxelCount()];
        for (int k = 0; k < grid.slices(); k++) {
            for (int j = 0; j < grid.rows(); j++) {
                for (int i = 0; i < grid.columns(); i++) {
                    values[grid.offset(i, j, k)] =
                            (float) tissue.at(grid.toPatient(i, j, k), random.nextDouble() * 2 - 1);
                }
            }
        }
        return new Volume(grid, values);
    }

    private static VolumeGeometry centred(
            int columns, int rows, int slices, double spacingI, double spacingJ, double spacingK) {
        Lps origin = CENTRE.minus(I.times((columns - 1) / 2.0 * spacingI))
                .minus(J.times((rows - 1) / 2.0 * spacingJ))
                .minus(K.times((slices - 1) / 2.0 * spacingK));
        return new VolumeGeometry(columns, rows, slices, spacingI, spacingJ, spacingK, origin, I, J, K);
    }
}
