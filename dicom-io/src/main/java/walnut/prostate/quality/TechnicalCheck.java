package walnut.prostate.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.prostate.eligibility.Verdict;
import walnut.prostate.series.Frame;
import walnut.prostate.series.ImagePlane;
import walnut.prostate.series.SeriesRole;
import walnut.prostate.series.SeriesVolume;
import walnut.prostate.series.Study;
import walnut.volume.VolumeGeometry;

/**
 * The technical requirements of PI-RADS v2.1 on T2W and DWI, each passed, failed or unknown. None refuses a study: most
 * studies of everyday practice miss some.
 *
 * <p>Pixel sizes are those acquired, from AcquisitionMatrix (0018,1310) or its Enhanced MR successors; what is stored is
 * often interpolated finer. Without them a stored pixel coarser than the limit still fails, a finer one proves nothing.
 * <p>Source: PI-RADS v2.1 (2019), section "MRI technical specifications".
 */
public final class TechnicalCheck {
    /** Header decimals are rounded; 3.0001 mm is 3 mm. */
    private static final double ROUNDING = 1.005;

    private static final String T2W = "T2W";
    private static final String DWI = "DWI";

    private final List<TechnicalParameter> found = new ArrayList<>();

    private TechnicalCheck() {}

    /**
     * @param t2w the chosen T2W
     * @param t2wHeader of one of its images
     * @param diffusion the measured or chosen diffusion images
     * @param diffusionHeader of one of these
     */
    public static List<TechnicalParameter> of(
            Study study, SeriesVolume t2w, DataSet t2wHeader, SeriesVolume diffusion, DataSet diffusionHeader) {
        TechnicalCheck check = new TechnicalCheck();
        check.t2w(t2w, t2wHeader);
        check.diffusion(diffusion, diffusionHeader);
        check.bValues(study);
        return List.copyOf(check.found);
    }

    private void t2w(SeriesVolume volume, DataSet header) {
        number(T2W, "SLICE_THICKNESS", thickness(volume), "mm", "<= 3 mm", mm -> mm <= 3 * ROUNDING);
        gap(T2W, volume);
        AcquiredPixel pixel = AcquiredPixel.of(volume, header);
        pixel(T2W, "IN_PLANE_PHASE", pixel.phaseMm(), pixel.storedMm(), 0.7);
        pixel(T2W, "IN_PLANE_FREQUENCY", pixel.frequencyMm(), pixel.storedMm(), 0.4);
        number(T2W, "FIELD_OF_VIEW", fieldOfView(volume), "mm", "120 to 200 mm", within(120, 200));
    }

    private void diffusion(SeriesVolume volume, DataSet header) {
        Optional<Frame> frame = volume.frames().stream().findFirst();
        OptionalDouble echoTime =
                frame.map(one -> one.acquisition().echoTimeMs()).orElse(OptionalDouble.empty());
        OptionalDouble repetitionTime =
                frame.map(one -> one.acquisition().repetitionTimeMs()).orElse(OptionalDouble.empty());
        number(DWI, "ECHO_TIME", echoTime, "ms", "<= 90 ms", ms -> ms <= 90 * ROUNDING);
        number(DWI, "REPETITION_TIME", repetitionTime, "ms", ">= 3000 ms", ms -> ms * ROUNDING >= 3000);
        number(DWI, "SLICE_THICKNESS", thickness(volume), "mm", "<= 4 mm", mm -> mm <= 4 * ROUNDING);
        gap(DWI, volume);
        AcquiredPixel pixel = AcquiredPixel.of(volume, header);
        pixel(DWI, "IN_PLANE_PHASE", pixel.phaseMm(), pixel.storedMm(), 2.5);
        pixel(DWI, "IN_PLANE_FREQUENCY", pixel.frequencyMm(), pixel.storedMm(), 2.5);
        number(DWI, "FIELD_OF_VIEW", fieldOfView(volume), "mm", "160 to 220 mm", within(160, 220));
    }

    private void bValues(Study study) {
        Set<Double> acquired = new TreeSet<>();
        Set<Double> all = new TreeSet<>();
        study.series().stream()
                .filter(series -> series.role() == SeriesRole.DWI || series.role() == SeriesRole.HBV)
                .forEach(series -> {
                    all.addAll(series.bValues());
                    if (series.computedByScanner().isEmpty()) {
                        acquired.addAll(series.bValues());
                    }
                });
        bValue("LOW_B", acquired, "one acquired b of 50 to 100 s/mm2", b -> b >= 50 && b <= 100);
        bValue("INTERMEDIATE_B", acquired, "one acquired b of 800 to 1000 s/mm2", b -> b >= 800 && b <= 1000);
        bValue("HIGH_B", all, "one b of 1400 s/mm2 or more, acquired or computed", b -> b >= 1400);
    }

    private void bValue(String name, Set<Double> bValues, String limit, DoublePredicate fits) {
        String read = bValues.stream()
                .map(b -> String.format(Locale.ROOT, "%.0f", b))
                .collect(Collectors.joining(", ", "b ", " s/mm2"));
        Verdict verdict = bValues.isEmpty()
                ? Verdict.UNKNOWN
                : bValues.stream().anyMatch(fits::test) ? Verdict.PASS : Verdict.FAIL;
        found.add(new TechnicalParameter(DWI, name, verdict, bValues.isEmpty() ? "no b-value" : read, limit));
    }

    private void number(
            String sequence, String name, OptionalDouble value, String unit, String limit, DoublePredicate fits) {
        if (value.isEmpty()) {
            found.add(new TechnicalParameter(sequence, name, Verdict.UNKNOWN, "absent", limit));
        } else {
            Verdict verdict = fits.test(value.getAsDouble()) ? Verdict.PASS : Verdict.FAIL;
            found.add(new TechnicalParameter(sequence, name, verdict, words(value.getAsDouble(), unit), limit));
        }
    }

    private void gap(String sequence, SeriesVolume volume) {
        OptionalDouble thickness = thickness(volume);
        OptionalDouble spacing = volume.geometry().filter(geometry -> geometry.slices() > 1).stream()
                .mapToDouble(VolumeGeometry::spacingK)
                .findFirst();
        OptionalDouble gap = thickness.isPresent() && spacing.isPresent()
                ? OptionalDouble.of(wholeMicrometres(Math.max(0, spacing.getAsDouble() - thickness.getAsDouble())))
                : OptionalDouble.empty();
        number(sequence, "SLICE_GAP", gap, "mm", "no gap", mm -> mm <= 0.05);
    }

    /** Positions are decimals: a difference below this is their rounding, not a gap. */
    private static double wholeMicrometres(double mm) {
        return Math.rint(1000 * mm) / 1000;
    }

    private void pixel(String sequence, String name, OptionalDouble acquiredMm, OptionalDouble storedMm, double limit) {
        String limitWords = "<= " + limit + " mm";
        if (acquiredMm.isPresent()) {
            number(sequence, name, acquiredMm, "mm acquired", limitWords, mm -> mm <= limit * ROUNDING);
        } else if (storedMm.isPresent() && storedMm.getAsDouble() > limit * ROUNDING) {
            number(sequence, name, storedMm, "mm stored", limitWords, mm -> false);
        } else {
            String read = storedMm.isPresent()
                    ? words(storedMm.getAsDouble(), "mm stored, the acquired size is absent")
                    : "absent";
            found.add(new TechnicalParameter(sequence, name, Verdict.UNKNOWN, read, limitWords));
        }
    }

    private static String words(double value, String unit) {
        return String.format(Locale.ROOT, "%.4g %s", value, unit);
    }

    private static DoublePredicate within(double lower, double upper) {
        return mm -> mm * ROUNDING >= lower && mm <= upper * ROUNDING;
    }

    private static OptionalDouble thickness(SeriesVolume volume) {
        return plane(volume).map(ImagePlane::sliceThicknessMm).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble fieldOfView(SeriesVolume volume) {
        return plane(volume).stream().mapToDouble(ImagePlane::fieldOfViewMm).findFirst();
    }

    private static Optional<ImagePlane> plane(SeriesVolume volume) {
        return volume.frames().stream().findFirst().flatMap(Frame::plane);
    }

    /**
     * Field of view divided by the encoding steps along each in-plane axis.
     *
     * @param storedMm the larger side of a stored pixel
     */
    private record AcquiredPixel(OptionalDouble phaseMm, OptionalDouble frequencyMm, OptionalDouble storedMm) {

        static AcquiredPixel of(SeriesVolume volume, DataSet header) {
            Optional<ImagePlane> stored = plane(volume);
            if (stored.isEmpty()) {
                return new AcquiredPixel(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
            }
            ImagePlane plane = stored.get();
            double heightMm = plane.rows() * plane.spacingBetweenRowsMm();
            double widthMm = plane.columns() * plane.spacingBetweenColumnsMm();
            DataSet geometry = enhancedGeometry(header);
            String phase = geometry.string(Tag.InPlanePhaseEncodingDirection)
                    .or(() -> header.string(Tag.InPlanePhaseEncodingDirection))
                    .orElse("");
            // AcquisitionMatrix: frequency rows, frequency columns, phase rows, phase columns; two of them are 0.
            double[] matrix = header.decimals(Tag.AcquisitionMatrix);
            OptionalDouble frequencySteps = steps(
                    geometry.integer(Tag.MRAcquisitionFrequencyEncodingSteps),
                    matrix.length == 4 ? Math.max(matrix[0], matrix[1]) : 0);
            OptionalDouble phaseSteps = steps(
                    geometry.integer(Tag.MRAcquisitionPhaseEncodingStepsInPlane),
                    matrix.length == 4 ? Math.max(matrix[2], matrix[3]) : 0);
            // ROW: phase is encoded along a row, that is across the columns.
            boolean alongRow = phase.startsWith("ROW");
            boolean known = alongRow || phase.startsWith("COL");
            return new AcquiredPixel(
                    size(known, alongRow ? widthMm : heightMm, phaseSteps),
                    size(known, alongRow ? heightMm : widthMm, frequencySteps),
                    OptionalDouble.of(Math.max(plane.spacingBetweenRowsMm(), plane.spacingBetweenColumnsMm())));
        }

        private static DataSet enhancedGeometry(DataSet header) {
            return header.item(Tag.SharedFunctionalGroupsSequence)
                    .flatMap(shared -> shared.item(Tag.MRFOVGeometrySequence))
                    .orElse(DataSet.EMPTY);
        }

        private static OptionalDouble steps(OptionalInt enhanced, double classic) {
            if (enhanced.isPresent() && enhanced.getAsInt() > 0) {
                return OptionalDouble.of(enhanced.getAsInt());
            }
            return classic > 0 ? OptionalDouble.of(classic) : OptionalDouble.empty();
        }

        private static OptionalDouble size(boolean known, double sideMm, OptionalDouble steps) {
            return known && steps.isPresent()
                    ? OptionalDouble.of(sideMm / steps.getAsDouble())
                    : OptionalDouble.empty();
        }
    }
}
