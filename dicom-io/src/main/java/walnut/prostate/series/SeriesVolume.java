package walnut.prostate.series;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import walnut.volume.VolumeGeometry;

/**
 * One stack of slices inside a series: all of it, or its frames of one b-value.
 *
 * @param bValue s/mm²; empty where the images are not diffusion-weighted or do not say
 * @param geometry where the voxels lie; empty when the frames do not stack, and {@code problems} says why
 * @param frames in slice order along +k when there is a geometry, else as read
 */
public record SeriesVolume(
        OptionalDouble bValue, Optional<VolumeGeometry> geometry, List<Frame> frames, List<Problem> problems) {

    public SeriesVolume {
        frames = List.copyOf(frames);
        problems = List.copyOf(problems);
    }
}
