package walnut.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class VolumeGeometryTest {

    @Property
    void index_of_a_patient_position_is_the_inverse_of_its_position(
            @ForAll @DoubleRange(min = -50, max = 500) double i,
            @ForAll @DoubleRange(min = -50, max = 500) double j,
            @ForAll @DoubleRange(min = -20, max = 60) double k,
            @ForAll @DoubleRange(min = -1.5, max = 1.5) double tilt) {
        VoxelIndex back = oblique(tilt).toIndex(oblique(tilt).toPatient(i, j, k));
        assertThat(back.i()).isCloseTo(i, within(1e-9));
        assertThat(back.j()).isCloseTo(j, within(1e-9));
        assertThat(back.k()).isCloseTo(k, within(1e-9));
    }

    @Test
    void spacing_between_columns_moves_along_the_row() {
        Lps moved = oblique(0).toPatient(1, 0, 0).minus(oblique(0).origin());
        assertThat(moved).isEqualTo(new Lps(0.5, 0, 0));
    }

    @Test
    void rejects_a_left_handed_frame() {
        assertThatThrownBy(() -> new VolumeGeometry(
                        4, 4, 4, 1, 1, 1, new Lps(0, 0, 0), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("determinant +1");
    }

    private static VolumeGeometry oblique(double tilt) {
        Lps i = new Lps(1, 0, 0);
        Lps j = new Lps(0, StrictMath.cos(tilt), StrictMath.sin(tilt));
        return new VolumeGeometry(384, 320, 19, 0.5, 0.6, 3.3, new Lps(-90, -70, 12), i, j, i.cross(j));
    }
}
