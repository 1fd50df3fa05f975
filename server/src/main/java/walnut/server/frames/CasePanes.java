package walnut.server.frames;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import walnut.volume.Volume;

/**
 * The volumes that a case's pictures are drawn from. A refused case may have only some of them; without a T2W there is no
 * grid and nothing is drawn.
 *
 * <p>T2W and HBV in arbitrary signal units, ADC in 1e-6 mm²/s, the heatmap as the model's score in [0, 1]. All in one
 * frame of reference (LPS, mm); grids may differ, they are resampled at the T2W slices.
 *
 * @param revision changes whenever the volumes do (a prediction id serves well); pictures are cached under it
 * @param t2wInstanceNumbers InstanceNumber (0020,0013) of the image behind each T2W slice, by ascending k; empty where the
 *     images do not tell their slices apart by it
 */
public record CasePanes(String revision, Map<Pane, Volume> volumes, List<Integer> t2wInstanceNumbers) {
    public CasePanes(String revision, Map<Pane, Volume> volumes) {
        this(revision, volumes, List.of());
    }

    public CasePanes {
        t2wInstanceNumbers = List.copyOf(t2wInstanceNumbers);
        EnumMap<Pane, Volume> copy = new EnumMap<>(Pane.class);
        copy.putAll(volumes);
        volumes = Map.copyOf(copy);
    }

    public Optional<Volume> volume(Pane pane) {
        return Optional.ofNullable(volumes.get(pane));
    }
}
