package walnut.prostate.series;

import java.util.List;
import java.util.OptionalInt;

/**
 * One series of a study: what it is, why, and the volumes it holds.
 *
 * @param bValues distinct b-values in s/mm², ascending; ADC maps carry them too
 * @param volumes one for each b-value of a diffusion series, in that order, else one
 */
public record StudySeries(
        String seriesInstanceUid,
        OptionalInt seriesNumber,
        String description,
        SeriesRole role,
        List<Double> bValues,
        Plane plane,
        List<SeriesVolume> volumes,
        List<Evidence> evidence,
        List<Problem> problems,
        List<Frame> frames) {

    public StudySeries {
        bValues = List.copyOf(bValues);
        volumes = List.copyOf(volumes);
        evidence = List.copyOf(evidence);
        problems = List.copyOf(problems);
        frames = List.copyOf(frames);
    }

    /** "series 4 (t2_tse_tra)": how sentences name it. */
    public String name() {
        String number = seriesNumber.isPresent() ? "series " + seriesNumber.getAsInt() : "series without number";
        return description.isEmpty() ? number : number + " (" + description + ")";
    }
}
