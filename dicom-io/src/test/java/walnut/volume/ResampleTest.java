package walnut.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;

class ResampleTest {
    private static final float OUTSIDE = -7;

    @Property(tries = 50)
    void resampling_onto_the_same_grid_gives_the_same_bits(
            @ForAll @DoubleRange(min = -1.5, max = 1.5) double tilt,
            @ForAll @DoubleRange(min = -3, max = 3) double turn) {
        Volume volume = Grids.ramp(Grids.tilted(7, 5, 4, tilt, turn));
        assertThat(Resample.onto(volume.geometry(), volume, OUTSIDE).values()).isEqualTo(volume.values());
    }

    @Property(tries = 50)
    void a_constant_stays_that_constant_wherever_it_is_sampled(
            @ForAll @FloatRange(min = -3000, max = 3000) float constant,
            @ForAll @DoubleRange(min = -0.2, max = 0.2) double tilt) {
        VolumeGeometry large = Grids.oblique(60, 50, 12);
        float[] values = new float[(int) large.voxelCount()];
        Arrays.fill(values, constant);
        float[] sampled = Resample.onto(around(large.centre(), tilt), new Volume(large, values), OUTSIDE)
                .values();
        assertThat(sampled).containsOnly(constant);
    }

    @Property(tries = 50)
    void a_linear_function_of_position_is_reproduced(@ForAll @DoubleRange(min = -0.2, max = 0.2) double tilt) {
        VolumeGeometry large = Grids.oblique(60, 50, 12);
        Volume resampled = Resample.onto(around(large.centre(), tilt), linear(large), OUTSIDE);
        assertThat(resampled.at(1, 2, 1))
                .isCloseTo((float) valueAt(resampled.geometry().toPatient(1, 2, 1)), within(1e-3f));
        assertThat(resampled.at(3, 0, 0))
                .isCloseTo((float) valueAt(resampled.geometry().toPatient(3, 0, 0)), within(1e-3f));
    }

    @Test
    void voxels_reach_half_a_voxel_beyond_their_centre_and_no_further() {
        VolumeGeometry line = new VolumeGeometry(
                4, 1, 1, 1, 1, 1, new Lps(0, 0, 0), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1));
        VolumeGeometry finer = new VolumeGeometry(
                11, 1, 1, 0.5, 1, 1, new Lps(-1, 0, 0), line.directionI(), line.directionJ(), line.directionK());
        assertThat(Resample.onto(finer, new Volume(line, new float[] {10, 20, 30, 40}), OUTSIDE)
                        .values())
                .containsExactly(OUTSIDE, 10, 10, 15, 20, 25, 30, 35, 40, 40, OUTSIDE);
    }

    @Test
    void a_voxel_that_is_hit_exactly_does_not_see_a_not_a_number_beside_it() {
        Volume volume = Grids.ramp(Grids.oblique(3, 3, 3));
        volume.values()[0] = Float.NaN;
        float[] same = Resample.onto(volume.geometry(), volume, OUTSIDE).values();
        assertThat(same[0]).isNaN();
        assertThat(same[1]).isEqualTo(volume.values()[1]);
    }

    @Test
    void a_grid_elsewhere_is_all_outside() {
        Volume volume = Grids.ramp(Grids.oblique(3, 3, 3));
        VolumeGeometry elsewhere = around(new Lps(500, 500, 500), 0);
        assertThat(Resample.onto(elsewhere, volume, OUTSIDE).values()).containsOnly(OUTSIDE);
    }

    private static VolumeGeometry around(Lps centre, double tilt) {
        VolumeGeometry grid = Grids.tilted(5, 4, 2, tilt, 0.11);
        Lps origin = grid.origin().plus(centre.minus(grid.centre()));
        return new VolumeGeometry(
                5, 4, 2, 0.5, 0.75, 3.3, origin, grid.directionI(), grid.directionJ(), grid.directionK());
    }

    private static Volume linear(VolumeGeometry geometry) {
        float[] values = new float[(int) geometry.voxelCount()];
        for (int k = 0; k < geometry.slices(); k++) {
            for (int j = 0; j < geometry.rows(); j++) {
                for (int i = 0; i < geometry.columns(); i++) {
                    values[geometry.offset(i, j, k)] = (float) valueAt(geometry.toPatient(i, j, k));
                }
            }
        }
        return new Volume(geometry, values);
    }

    private static double valueAt(Lps position) {
        return 3 * position.x() - 2 * position.y() + 0.5 * position.z() + 40;
    }
}
