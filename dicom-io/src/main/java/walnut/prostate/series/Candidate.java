package walnut.prostate.series;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import walnut.failure.FailureCode;
import walnut.prostate.series.Diffusion.Directionality;
import walnut.volume.VolumeGeometry;

/** A stack of slices that might fill a channel. */
record Candidate(StudySeries series, SeriesVolume volume) {

    OptionalDouble bValue() {
        return volume.bValue();
    }

    double b() {
        return volume.bValue().orElse(-1);
    }

    VolumeGeometry geometry() {
        return volume.geometry().orElseThrow();
    }

    /** A trace or an unweighted image: not the picture of one gradient direction. */
    boolean isTrace() {
        return volume.frames().stream()
                .noneMatch(frame -> frame.diffusion().directionality() == Directionality.DIRECTIONAL
                        && frame.diffusion().bValue().orElse(1) > 0);
    }

    boolean isFatSuppressed() {
        return volume.frames().stream()
                .anyMatch(frame -> frame.acquisition().scanOptions().contains("FS"));
    }

    boolean computedByScanner() {
        return series.computedByScanner().isPresent();
    }

    String timeOfAcquisition() {
        return volume.frames().stream()
                .map(frame -> frame.acquisition().timeOfAcquisition())
                .max(String::compareTo)
                .orElse("");
    }

    /** "series 6 (ep2d_diff), b 800". */
    String name() {
        return bValue().isPresent() ? series.name() + String.format(Locale.ROOT, ", b %.0f", b()) : series.name();
    }

    /** Why this stack cannot be used at all, in words; empty when it can. */
    Optional<String> unusable() {
        List<Problem> problems = problems();
        return problems.isEmpty()
                ? Optional.empty()
                : Optional.of(problems.get(0).toString());
    }

    List<Problem> problems() {
        List<Problem> conflicts = series.problems().stream()
                .filter(problem -> problem.code() == FailureCode.SOP_INSTANCE_CONFLICT)
                .toList();
        return conflicts.isEmpty() ? volume.problems() : conflicts;
    }
}
