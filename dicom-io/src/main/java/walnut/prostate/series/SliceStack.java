package walnut.prostate.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import walnut.failure.FailureCode;
import walnut.volume.Lps;
import walnut.volume.VolumeGeometry;

/**
 * Stacks frames into a volume, or says why they do not stack.
 *
 * <p>Order and step come from positions projected on the normal cross(row, column), so that +k runs along it; never from
 * InstanceNumber, SliceThickness or z alone (PS3.3 C.7.6.2.1.1). A lone slice has no step: its thickness stands in.
 */
final class SliceStack {
    /** Largest difference of a cosine within one stack. */
    private static final double COSINE_TOLERANCE = 1e-3;

    private static final double SPACING_TOLERANCE_MM = 1e-3;

    /** Slices nearer than this are at one place. */
    private static final double SAME_PLACE_MM = 0.01;

    /** How far steps may differ: positions are written with finite digits, some to 0.01 mm. */
    private static final double STEP_TOLERANCE_MM = 0.05;

    private static final double STEP_TOLERANCE_SHARE = 0.02;

    /** How far slices may be shifted sideways against each other. */
    private static final double LATERAL_TOLERANCE_MM = 0.1;

    private final OptionalDouble bValue;
    private final List<Frame> frames;
    private final List<Problem> problems = new ArrayList<>();

    private SliceStack(OptionalDouble bValue, List<Frame> frames) {
        this.bValue = bValue;
        this.frames = frames;
    }

    static SeriesVolume of(OptionalDouble bValue, List<Frame> frames) {
        return new SliceStack(bValue, frames).stack();
    }

    /** Where a frame lies along the normal of the first one, mm. */
    static double depth(Frame frame, ImagePlane reference) {
        return plane(frame).position().dot(reference.normal());
    }

    private SeriesVolume stack() {
        if (!noWholeMosaic() || !allHaveAPlane() || !sameOrientation() || !sameGrid()) {
            return refused();
        }
        ImagePlane reference = plane(frames.get(0));
        List<Frame> sorted = frames.stream()
                .sorted(Comparator.comparingDouble((Frame frame) -> depth(frame, reference))
                        .thenComparing(Frame::sopInstanceUid)
                        .thenComparing(frame -> frame.pixels().frame()))
                .toList();
        double[] depths =
                sorted.stream().mapToDouble(frame -> depth(frame, reference)).toArray();
        if (!noTwoAtOnePlace(sorted, depths) || !evenSteps(sorted, depths) || !straight(sorted)) {
            return refused();
        }
        return new SeriesVolume(bValue, Optional.of(geometry(sorted, depths)), sorted, List.of());
    }

    private SeriesVolume refused() {
        return new SeriesVolume(bValue, Optional.empty(), frames, problems);
    }

    /** A mosaic is many slices in one picture; read as one slice it would be a wrong volume that looks right. */
    private boolean noWholeMosaic() {
        boolean whole = frames.stream()
                .anyMatch(frame -> frame.acquisition().imageType().contains("MOSAIC")
                        && !frame.pixels().isMosaicTile());
        return !whole
                || refuse(
                        FailureCode.GEOMETRY_MISSING,
                        "a Siemens mosaic says neither by (0019,xx0A) nor by its CSA headers how many slices it holds"
                                + " and on which side of the first the others lie");
    }

    private boolean allHaveAPlane() {
        long without = frames.stream().filter(frame -> frame.plane().isEmpty()).count();
        return without == 0
                || refuse(
                        FailureCode.GEOMETRY_MISSING,
                        "ImagePositionPatient, ImageOrientationPatient or PixelSpacing is missing or unusable in %d of %d images",
                        without,
                        frames.size());
    }

    private boolean sameOrientation() {
        ImagePlane reference = plane(frames.get(0));
        long others = frames.stream()
                .map(SliceStack::plane)
                .filter(plane -> differs(plane.row(), reference.row()) || differs(plane.column(), reference.column()))
                .count();
        return others == 0
                || refuse(
                        FailureCode.MIXED_ORIENTATION,
                        "ImageOrientationPatient of %d of %d images differs from that of the first",
                        others,
                        frames.size());
    }

    private static boolean differs(Lps one, Lps other) {
        Lps difference = one.minus(other);
        return Math.abs(difference.x()) > COSINE_TOLERANCE
                || Math.abs(difference.y()) > COSINE_TOLERANCE
                || Math.abs(difference.z()) > COSINE_TOLERANCE;
    }

    private boolean sameGrid() {
        ImagePlane reference = plane(frames.get(0));
        for (Frame frame : frames) {
            ImagePlane plane = plane(frame);
            if (plane.rows() != reference.rows()
                    || plane.columns() != reference.columns()
                    || Math.abs(plane.spacingBetweenRowsMm() - reference.spacingBetweenRowsMm()) > SPACING_TOLERANCE_MM
                    || Math.abs(plane.spacingBetweenColumnsMm() - reference.spacingBetweenColumnsMm())
                            > SPACING_TOLERANCE_MM) {
                return refuse(
                        FailureCode.MIXED_GRID,
                        "expected %s like the first image, found %s",
                        describe(reference),
                        describe(plane));
            }
        }
        return true;
    }

    private static String describe(ImagePlane plane) {
        return String.format(
                Locale.ROOT,
                "%d columns x %d rows of %.4g x %.4g mm",
                plane.columns(),
                plane.rows(),
                plane.spacingBetweenColumnsMm(),
                plane.spacingBetweenRowsMm());
    }

    private boolean noTwoAtOnePlace(List<Frame> sorted, double[] depths) {
        for (int k = 1; k < depths.length; k++) {
            if (depths[k] - depths[k - 1] < SAME_PLACE_MM) {
                return refuse(
                        FailureCode.DUPLICATE_SLICE,
                        "two images at one place, %s: %s and %s",
                        describe(plane(sorted.get(k)).position()),
                        instanceName(sorted.get(k - 1)),
                        instanceName(sorted.get(k)));
            }
        }
        return true;
    }

    private boolean evenSteps(List<Frame> sorted, double[] depths) {
        double[] steps = new double[depths.length - 1];
        for (int k = 1; k < depths.length; k++) {
            steps[k - 1] = depths[k] - depths[k - 1];
        }
        double usual = median(steps);
        double tolerance = Math.max(STEP_TOLERANCE_MM, STEP_TOLERANCE_SHARE * usual);
        for (int k = 1; k < depths.length; k++) {
            double step = steps[k - 1];
            if (step > 1.5 * usual) {
                missing(sorted, k, step, usual);
            } else if (Math.abs(step - usual) > tolerance) {
                refuse(
                        FailureCode.UNEVEN_SLICES,
                        "slices lie %.3f mm apart, but %s and %s %.3f mm",
                        usual,
                        instanceName(sorted.get(k - 1)),
                        instanceName(sorted.get(k)),
                        step);
            }
        }
        return problems.isEmpty();
    }

    private void missing(List<Frame> sorted, int k, double step, double usual) {
        Lps before = plane(sorted.get(k - 1)).position();
        Lps after = plane(sorted.get(k)).position();
        long lost = Math.max(1, Math.round(step / usual) - 1);
        refuse(
                FailureCode.MISSING_SLICE,
                "%d %s missing between %s and %s, at %s: slices lie %.3f mm apart, here %.3f mm (%d images found)",
                lost,
                lost == 1 ? "slice is" : "slices are",
                instanceName(sorted.get(k - 1)),
                instanceName(sorted.get(k)),
                describe(before.plus(after.minus(before).times(1.0 / (lost + 1)))),
                usual,
                step,
                sorted.size());
    }

    /** Slices that slide sideways as they advance would make a sheared volume. */
    private boolean straight(List<Frame> sorted) {
        ImagePlane first = plane(sorted.get(0));
        for (Frame frame : sorted) {
            Lps offset = plane(frame).position().minus(first.position());
            Lps lateral = offset.minus(first.normal().times(offset.dot(first.normal())));
            if (lateral.length() > LATERAL_TOLERANCE_MM) {
                return refuse(
                        FailureCode.MIXED_GRID,
                        "%s is shifted sideways by %.2f mm against the first slice",
                        instanceName(frame),
                        lateral.length());
            }
        }
        return true;
    }

    private static VolumeGeometry geometry(List<Frame> sorted, double[] depths) {
        ImagePlane first = plane(sorted.get(0));
        double step = depths.length > 1
                ? (depths[depths.length - 1] - depths[0]) / (depths.length - 1)
                : first.sliceThicknessMm().orElse(1);
        return new VolumeGeometry(
                first.columns(),
                first.rows(),
                sorted.size(),
                first.spacingBetweenColumnsMm(),
                first.spacingBetweenRowsMm(),
                step > 0 ? step : 1,
                first.position(),
                first.row(),
                first.column(),
                first.normal());
    }

    private boolean refuse(FailureCode code, String sentence, Object... values) {
        problems.add(new Problem(code, String.format(Locale.ROOT, sentence, values)));
        return false;
    }

    private static String instanceName(Frame frame) {
        String number = frame.acquisition().instanceNumber().isPresent()
                ? "InstanceNumber " + frame.acquisition().instanceNumber().getAsInt()
                : "instance " + frame.sopInstanceUid();
        if (frame.pixels().isMosaicTile()) {
            return number + " tile " + (frame.pixels().tile() + 1);
        }
        return frame.pixels().frame() > 1 ? number + " frame " + frame.pixels().frame() : number;
    }

    private static String describe(Lps position) {
        return String.format(Locale.ROOT, "LPS (%.2f, %.2f, %.2f)", position.x(), position.y(), position.z());
    }

    private static double median(double[] values) {
        if (values.length == 0) {
            return 0;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(sorted.length - 1) / 2];
    }

    private static ImagePlane plane(Frame frame) {
        return frame.plane().orElseThrow();
    }
}
