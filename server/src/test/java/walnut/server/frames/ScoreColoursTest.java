package walnut.server.frames;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScoreColoursTest {

    @Test
    void low_and_absent_scores_leave_the_picture_as_it_is() {
        assertThat(ScoreColours.argb(0)).isZero();
        assertThat(ScoreColours.argb(0.049f)).isZero();
        assertThat(ScoreColours.argb(Float.NaN)).isZero();
    }

    @Test
    void a_higher_score_is_always_lighter_and_more_opaque() {
        for (int percent = 6; percent <= 100; percent++) {
            int lower = ScoreColours.argb((percent - 1) / 100f);
            int higher = ScoreColours.argb(percent / 100f);
            assertThat(luminance(higher)).as("lightness at %d %%", percent).isGreaterThan(luminance(lower));
            assertThat(higher >>> 24).as("opacity at %d %%", percent).isGreaterThanOrEqualTo(lower >>> 24);
        }
    }

    @Test
    void scores_beyond_one_take_the_last_colour() {
        assertThat(ScoreColours.argb(1.5f)).isEqualTo(ScoreColours.argb(1));
    }

    /** Relative luminance, WCAG 2.2. */
    private static double luminance(int argb) {
        return 0.2126 * linear(argb >> 16 & 255) + 0.7152 * linear(argb >> 8 & 255) + 0.0722 * linear(argb & 255);
    }

    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : StrictMath.pow((value + 0.055) / 1.055, 2.4);
    }
}
