package walnut.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MaskTest {
    private static final VolumeGeometry GRID = Grids.oblique(4, 3, 2);

    @Test
    void volume_is_voxels_times_their_size() {
        byte[] labels = new byte[24];
        labels[0] = 2;
        labels[23] = 2;
        assertThat(new Mask(GRID, labels).volumeMm3(2)).isEqualTo(2 * 0.5 * 0.75 * 3.3);
    }

    @Test
    void centroid_is_the_middle_of_the_labelled_voxels_in_the_patient() {
        byte[] labels = new byte[24];
        labels[GRID.offset(1, 2, 0)] = 1;
        labels[GRID.offset(3, 2, 1)] = 1;
        assertThat(new Mask(GRID, labels).centroid(1)).contains(GRID.toPatient(2, 2, 0.5));
        assertThat(new Mask(GRID, labels).centroid(9)).isEmpty();
    }

    @Test
    void labels_are_unsigned() {
        byte[] labels = new byte[24];
        labels[1] = (byte) 200;
        assertThat(new Mask(GRID, labels).at(1, 0, 0)).isEqualTo(200);
        assertThat(new Mask(GRID, labels).count(200)).isEqualTo(1);
    }

    @Test
    void rejects_another_number_of_labels() {
        assertThatThrownBy(() -> new Mask(GRID, new byte[23])).hasMessageContaining("expected 24 labels, got 23");
    }
}
