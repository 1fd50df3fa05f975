package walnut.server.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

class GrayWindowTest {

    @Test
    void adc_window_is_fixed_from_0_to_3000() {
        assertThat(GrayWindow.ADC.gray(-5)).isZero();
        assertThat(GrayWindow.ADC.gray(1000)).isEqualTo(85);
        assertThat(GrayWindow.ADC.gray(1500)).isEqualTo(128);
        assertThat(GrayWindow.ADC.gray(3000)).isEqualTo(255);
        assertThat(GrayWindow.ADC.gray(4095)).isEqualTo(255);
    }

    @Test
    void no_value_is_black() {
        assertThat(GrayWindow.ADC.gray(Float.NaN)).isZero();
    }

    @Test
    void percentiles_leave_out_the_brightest_and_darkest_values() {
        float[] values = new float[1000];
        for (int index = 0; index < values.length; index++) {
            values[index] = index;
        }
        values[999] = 1_000_000;
        values[0] = Float.NaN;

        GrayWindow window = GrayWindow.percentiles(line(values), 0.01, 0.99);

        assertThat(window.lower()).isBetween(9.0, 12.0);
        assertThat(window.upper()).isBetween(987.0, 991.0);
    }

    @Test
    void constant_volume_still_has_a_window() {
        assertThat(GrayWindow.percentiles(line(new float[] {7, 7, 7}), 0.01, 0.99))
                .isEqualTo(new GrayWindow(7, 8));
    }

    @Test
    void refuses_a_window_that_runs_backwards() {
        assertThatThrownBy(() -> new GrayWindow(3, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Volume line(float[] values) {
        VolumeGeometry geometry = new VolumeGeometry(
                values.length, 1, 1, 1, 1, 1, new Lps(0, 0, 0), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1));
        return new Volume(geometry, values);
    }
}
