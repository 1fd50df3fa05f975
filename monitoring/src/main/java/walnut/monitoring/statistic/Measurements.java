package walnut.monitoring.statistic;

import java.util.Arrays;
import java.util.Optional;

/**
 * A complete matrix of measurements, subjects (rows) × repeats or raters (columns), checked once; like
 * {@link LabelledScores} it carries its fault. A NaN makes the whole matrix faulty: incomplete subjects are left out,
 * and counted, by the caller.
 */
public final class Measurements {
    private final double[][] rows;
    private final Optional<Reason> fault;

    private Measurements(double[][] rows, Optional<Reason> fault) {
        this.rows = rows;
        this.fault = fault;
    }

    public static Measurements of(double[][] rows) {
        return new Measurements(rows, findFault(rows));
    }

    /** Two measurements of each subject. */
    public static Measurements ofPairs(double[] first, double[] second) {
        if (first.length != second.length) {
            return new Measurements(new double[0][], Optional.of(Reason.LENGTH_MISMATCH));
        }
        double[][] rows = new double[first.length][];
        Arrays.setAll(rows, i -> new double[] {first[i], second[i]});
        return of(rows);
    }

    private static Optional<Reason> findFault(double[][] rows) {
        if (rows.length == 0) {
            return Optional.of(Reason.EMPTY);
        }
        for (double[] row : rows) {
            if (row.length != rows[0].length) {
                return Optional.of(Reason.LENGTH_MISMATCH);
            }
            if (!Arrays.stream(row).allMatch(Double::isFinite)) {
                return Optional.of(Reason.NON_FINITE_INPUT);
            }
        }
        return Optional.empty();
    }

    public Optional<Reason> fault() {
        return fault;
    }

    /** The fault, or too few subjects or repeats. */
    public Optional<Reason> faultBelow(int subjects, int repeats) {
        if (fault.isPresent()) {
            return fault;
        }
        return rows.length < subjects || repeats() < repeats ? Optional.of(Reason.TOO_FEW) : Optional.empty();
    }

    public int subjects() {
        return rows.length;
    }

    public int repeats() {
        return rows.length == 0 ? 0 : rows[0].length;
    }

    public double value(int subject, int repeat) {
        return rows[subject][repeat];
    }

    /** All repeats of one subject. */
    public double[] subject(int subject) {
        return rows[subject].clone();
    }

    /** One repeat or rater over all subjects. */
    public double[] repeat(int repeat) {
        return Arrays.stream(rows).mapToDouble(row -> row[repeat]).toArray();
    }

    public boolean allEqual() {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).allMatch(x -> x == rows[0][0]);
    }
}
