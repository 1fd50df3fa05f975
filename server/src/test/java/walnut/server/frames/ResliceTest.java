package walnut.server.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

class ResliceTest {
    /** Oblique about x by the 3-4-5 triangle, unequal spacings: an axial isotropic grid would hide axis errors. */
    private static final VolumeGeometry GRID = new VolumeGeometry(
            6, 5, 4, 0.5, 0.7, 3, new Lps(-10, 4, 25), new Lps(1, 0, 0), new Lps(0, 0.8, 0.6), new Lps(0, -0.6, 0.8));

    @Test
    void slice_of_the_same_grid_is_the_volume_itself() {
        Volume volume = linear(GRID);

        float[] plane = Reslice.atSlice(volume, GRID, 2);

        for (int j = 0; j < GRID.rows(); j++) {
            for (int i = 0; i < GRID.columns(); i++) {
                assertThat(plane[j * GRID.columns() + i]).isCloseTo(volume.at(i, j, 2), within(1e-4f));
            }
        }
    }

    @Test
    void another_grid_shows_the_same_place_in_the_patient() {
        // Coarser, axial, large enough to hold the oblique grid: trilinear reproduces a linear field exactly.
        VolumeGeometry coarse = new VolumeGeometry(
                20, 20, 20, 2, 2, 2, new Lps(-25, -15, 10), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1));

        float[] plane = Reslice.atSlice(linear(coarse), GRID, 1);

        for (int j = 0; j < GRID.rows(); j++) {
            for (int i = 0; i < GRID.columns(); i++) {
                assertThat(plane[j * GRID.columns() + i])
                        .isCloseTo((float) field(GRID.toPatient(i, j, 1)), within(1e-3f));
            }
        }
    }

    @Test
    void outside_the_volume_there_is_no_value() {
        VolumeGeometry elsewhere = new VolumeGeometry(
                4, 4, 4, 1, 1, 1, new Lps(500, 0, 0), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1));

        float[] plane = Reslice.atSlice(linear(elsewhere), GRID, 0);

        for (float value : plane) {
            assertThat(value).isNaN();
        }
    }

    @Test
    void a_voxel_reaches_half_its_width_beyond_its_centre() {
        VolumeGeometry single = new VolumeGeometry(
                1, 1, 1, 2, 2, 2, new Lps(0, 0, 0), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1));
        VolumeGeometry fine = new VolumeGeometry(
                5, 1, 1, 0.5, 0.5, 0.5, new Lps(-1, 0, 0), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1));

        assertThat(Reslice.atSlice(new Volume(single, new float[] {9}), fine, 0))
                .containsOnly(9f);
    }

    private static Volume linear(VolumeGeometry geometry) {
        float[] values = new float[(int) geometry.voxelCount()];
        for (int k = 0; k < geometry.slices(); k++) {
            for (int j = 0; j < geometry.rows(); j++) {
                for (int i = 0; i < geometry.columns(); i++) {
                    values[geometry.offset(i, j, k)] = (float) field(geometry.toPatient(i, j, k));
                }
            }
        }
        return new Volume(geometry, values);
    }

    private static double field(Lps p) {
        return 3 * p.x() - 2 * p.y() + 5 * p.z() + 1;
    }
}
