package walnut.server.frames;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import walnut.volume.Lps;
import walnut.volume.VolumeGeometry;

class OrientationTest {

    @Test
    void axial_picture_shows_the_patients_right_at_its_left() {
        assertThat(Orientation.of(axes(new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1))))
                .isEqualTo(new Orientation("R", "L", "A", "P"));
    }

    @Test
    void feet_first_prone_picture_swaps_the_letters_not_the_pixels() {
        assertThat(Orientation.of(axes(new Lps(-1, 0, 0), new Lps(0, -1, 0), new Lps(0, 0, 1))))
                .isEqualTo(new Orientation("L", "R", "P", "A"));
    }

    @Test
    void sagittal_picture_names_head_and_foot() {
        assertThat(Orientation.of(axes(new Lps(0, 1, 0), new Lps(0, 0, -1), new Lps(-1, 0, 0))))
                .isEqualTo(new Orientation("A", "P", "H", "F"));
    }

    @Test
    void oblique_direction_gets_a_second_letter_in_falling_order() {
        assertThat(Orientation.letters(new Lps(0, 0.8, 0.6))).isEqualTo("PH");
        assertThat(Orientation.letters(new Lps(0.1, 0.99, -0.1))).isEqualTo("P");
    }

    private static VolumeGeometry axes(Lps i, Lps j, Lps k) {
        return new VolumeGeometry(2, 2, 2, 1, 1, 1, new Lps(0, 0, 0), i, j, k);
    }
}
