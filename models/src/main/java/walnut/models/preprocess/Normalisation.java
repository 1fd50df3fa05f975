package walnut.models.preprocess;

import java.util.ArrayList;
import java.util.List;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.passport.NormalisationStep;
import walnut.models.passport.NormalisationStep.Clip;
import walnut.models.passport.NormalisationStep.ClipAbovePercentile;
import walnut.models.passport.NormalisationStep.ClipPercentiles;
import walnut.models.passport.NormalisationStep.ShiftScale;
import walnut.models.passport.NormalisationStep.Standardise;
import walnut.models.passport.Passport.Millimetres;
import walnut.volume.OrderStatistic;
import walnut.volume.VolumeGeometry;

/**
 * Settles the normalisation of one channel: takes each step's statistics from the voxels of a grid as the steps before left
 * them. The steps, their numbers known, are then applied to these or other voxels of the same volume alike.
 *
 * <p>Values: {@code float[slices][rows][columns]} of the grid, flattened column-fastest. Arithmetic is double; sums run in
 * that order, so they round the same everywhere. What a box and a percentile are: {@link NormalisationStep}.
 */
final class Normalisation {
    /** Values taken through all steps before the next ones are. */
    private static final int PIECE = 1 << 11;

    private final String channel;
    private final VolumeGeometry grid;
    private final float[] values;
    private final List<Fixed> settled = new ArrayList<>();

    /** A step whose numbers are known: all statistics taken. */
    sealed interface Fixed {
        /** x becomes min(max(x, lower), upper). */
        record Bounds(double lower, double upper) implements Fixed {}

        /** x becomes (x - subtract) / divideBy. */
        record Line(double subtract, double divideBy) implements Fixed {}
    }

    private Normalisation(String channel, VolumeGeometry grid, float[] values) {
        this.channel = channel;
        this.grid = grid;
        this.values = values;
    }

    /**
     * The steps with their numbers, in their order.
     *
     * @param values of the channel on the grid; not changed
     */
    static List<Fixed> settle(String channel, VolumeGeometry grid, float[] values, List<NormalisationStep> steps) {
        Normalisation normalisation = new Normalisation(channel, grid, values);
        steps.forEach(normalisation::settle);
        return List.copyOf(normalisation.settled);
    }

    /** Takes each value through all steps and rounds it to float once; a piece at a time, so that it stays in the cache. */
    static void apply(List<Fixed> steps, float[] values) {
        double[] piece = new double[Math.min(PIECE, values.length)];
        for (int from = 0; from < values.length; from += PIECE) {
            int count = Math.min(PIECE, values.length - from);
            for (int n = 0; n < count; n++) {
                piece[n] = values[from + n];
            }
            steps.forEach(step -> apply(step, piece, count));
            for (int n = 0; n < count; n++) {
                values[from + n] = (float) piece[n];
            }
        }
    }

    private static void apply(Fixed step, double[] values, int count) {
        if (step instanceof Fixed.Bounds bounds) {
            double lower = bounds.lower();
            double upper = bounds.upper();
            for (int n = 0; n < count; n++) {
                values[n] = Math.min(Math.max(values[n], lower), upper);
            }
        } else if (step instanceof Fixed.Line line) {
            double subtract = line.subtract();
            double divideBy = line.divideBy();
            for (int n = 0; n < count; n++) {
                values[n] = (values[n] - subtract) / divideBy;
            }
        }
    }

    private void settle(NormalisationStep step) {
        if (step instanceof Clip clip) {
            clip(clip.lower(), clip.upper());
        } else if (step instanceof ClipPercentiles clip) {
            double[] box = box(clip.boxMm());
            clip(percentile(box, clip.lower()), percentile(box, clip.upper()));
        } else if (step instanceof ClipAbovePercentile clip) {
            double[] box = box(clip.boxMm());
            clip(Double.NEGATIVE_INFINITY, clip.factor() * percentile(box, clip.percentile()));
        } else if (step instanceof Standardise standardise) {
            standardise(standardise);
        } else if (step instanceof ShiftScale scale) {
            shiftScale(scale.subtract(), scale.divideBy());
        } else {
            throw new IllegalStateException("no rule for " + step);
        }
    }

    private void clip(double lower, double upper) {
        settled.add(new Fixed.Bounds(lower, upper));
    }

    private void shiftScale(double subtract, double divideBy) {
        settled.add(new Fixed.Line(subtract, divideBy));
    }

    private void standardise(Standardise step) {
        double[] box = box(step.boxMm());
        double mean = mean(box);
        double sumOfSquares = 0;
        for (double value : box) {
            sumOfSquares += (value - mean) * (value - mean);
        }
        double deviation = Math.sqrt(sumOfSquares / box.length);
        if (!(deviation > 0)) {
            throw new WalnutException(
                    FailureCode.VOLUME_CONSTANT,
                    "the " + channel + " volume has one single value around the middle of the field of view, "
                            + "so it holds no picture to standardise");
        }
        double centre =
                switch (step.centre()) {
                    case MEAN -> mean;
                    case MEDIAN -> percentile(box, 50);
                };
        shiftScale(centre, deviation);
    }

    private static double mean(double[] box) {
        double sum = 0;
        for (double value : box) {
            sum += value;
        }
        return sum / box.length;
    }

    /**
     * NumPy's "linear": between the ranked values on either side of p/100·(n-1).
     *
     * @param values in any order; reordered
     */
    static double percentile(double[] values, double percent) {
        double rank = percent / 100 * (values.length - 1);
        int below = (int) rank;
        double lower = OrderStatistic.of(values, below);
        if (below == values.length - 1) {
            return lower;
        }
        // Behind the selected place lies nothing smaller: the next in rank is the least of it.
        double upper = values[below + 1];
        for (int n = below + 2; n < values.length; n++) {
            upper = Math.min(upper, values[n]);
        }
        return lower + (upper - lower) * (rank - below);
    }

    /** The values within the box, as the steps so far leave them. */
    private double[] box(Millimetres extent) {
        Range slices = Range.around(grid.slices(), grid.spacingK(), extent.slices());
        Range rows = Range.around(grid.rows(), grid.spacingJ(), extent.rows());
        Range columns = Range.around(grid.columns(), grid.spacingI(), extent.columns());
        double[] box = new double[slices.count() * rows.count() * columns.count()];
        int n = 0;
        for (int k = slices.first(); k <= slices.last(); k++) {
            for (int j = rows.first(); j <= rows.last(); j++) {
                int row = grid.offset(columns.first(), j, k);
                for (int i = 0; i < columns.count(); i++) {
                    box[n++] = values[row + i];
                }
            }
        }
        settled.forEach(step -> apply(step, box, box.length));
        return box;
    }

    /** Indices whose centre lies within half an extent of the middle of an axis; the middle itself at the least. */
    record Range(int first, int last) {
        static Range around(int length, double spacingMm, double extentMm) {
            double middle = (length - 1) / 2.0;
            double reach = Math.max(extentMm / spacingMm / 2, 0.5);
            int first = (int) Math.max(0, Math.ceil(middle - reach));
            int last = (int) Math.min(length - 1.0, Math.floor(middle + reach));
            return new Range(first, last);
        }

        int count() {
            return last - first + 1;
        }
    }
}
