package walnut.prostate.series;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One series of a study: what it is, why, and the volumes it holds.
 *
 * @param description SeriesDescription, "" where absent
 * @param frameOfReferenceUid "" where absent
 * @param bValues distinct b-values in s/mm², ascending; ADC maps carry them too
 * @param plane of the first image; empty where none has an orientation
 * @param volumes by ascending b-value for a diffusion series, by repeat otherwise; those that do not stack included
 * @param computedByScanner why its diffusion images are extrapolated and not measured, where they are
 * @param evidence the rules that gave the role, and what speaks against it
 * @param problems of its volumes and files
 */
public record StudySeries(
        String seriesInstanceUid,
        OptionalInt seriesNumber,
        String description,
        String manufacturer,
        String frameOfReferenceUid,
        SeriesRole role,
        List<Double> bValues,
        Optional<Plane> plane,
        List<SeriesVolume> volumes,
        Optional<Evidence> computedByScanner,
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

    /** SOPInstanceUIDs, each once, in frame order. */
    public List<String> sopInstanceUids() {
        return frames.stream().map(Frame::sopInstanceUid).distinct().toList();
    }

    /** Date and time of the latest acquisition as written, "" where unknown. */
    public String timeOfAcquisition() {
        return frames.stream()
                .map(frame -> frame.acquisition().timeOfAcquisition())
                .max(String::compareTo)
                .orElse("");
    }
}
