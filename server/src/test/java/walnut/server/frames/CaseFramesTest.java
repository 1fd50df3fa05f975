package walnut.server.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

class CaseFramesTest {
    private static final VolumeGeometry T2W_GRID = grid(8, 6, 3, 1, new Lps(0, 0, 0));
    private static final VolumeGeometry ADC_GRID = grid(4, 3, 3, 2, new Lps(0.5, 0.5, 0));

    private final CaseFrames frames = CaseFrames.of(new CasePanes(
                    "r1",
                    Map.of(
                            Pane.T2W, filled(T2W_GRID, 100),
                            Pane.ADC, filled(ADC_GRID, 1500),
                            Pane.HEATMAP, spot(T2W_GRID, 2, 1, 1, 0.9f))))
            .orElseThrow();

    @Test
    void every_pane_has_the_size_of_the_t2w_slice() throws IOException {
        for (Pane pane : new Pane[] {Pane.T2W, Pane.ADC, Pane.HEATMAP}) {
            BufferedImage image = decode(frames.png(pane, 1));
            assertThat(image.getWidth()).as("%s", pane).isEqualTo(8);
            assertThat(image.getHeight()).as("%s", pane).isEqualTo(6);
        }
    }

    @Test
    void adc_is_shown_in_its_fixed_window() throws IOException {
        BufferedImage image = decode(frames.png(Pane.ADC, 0));

        assertThat(image.getRaster().getSample(3, 2, 0)).isEqualTo(128);
    }

    @Test
    void heatmap_is_clear_but_for_its_spot() throws IOException {
        BufferedImage image = decode(frames.png(Pane.HEATMAP, 1));

        assertThat(image.getRGB(2, 1)).isEqualTo(ScoreColours.argb(0.9f));
        assertThat(image.getRGB(6, 4) >>> 24).isZero();
    }

    @Test
    void a_pane_the_case_lacks_is_not_found() {
        assertThat(frames.has(Pane.HBV)).isFalse();
        assertThatThrownBy(() -> frames.png(Pane.HBV, 0))
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.NOT_FOUND));
    }

    @Test
    void a_slice_beyond_the_last_is_not_found() {
        assertThatThrownBy(() -> frames.png(Pane.T2W, 3))
                .isInstanceOf(WalnutException.class)
                .hasMessage("slice 3 does not exist: slices are 0 to 2");
        assertThatThrownBy(() -> frames.png(Pane.T2W, -1)).isInstanceOf(WalnutException.class);
    }

    @Test
    void a_case_without_t2w_has_no_pictures() {
        assertThat(CaseFrames.of(new CasePanes("r1", Map.of(Pane.ADC, filled(ADC_GRID, 1)))))
                .isEmpty();
    }

    private static BufferedImage decode(byte[] png) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(png));
    }

    private static VolumeGeometry grid(int columns, int rows, int slices, double spacing, Lps origin) {
        return new VolumeGeometry(
                columns,
                rows,
                slices,
                spacing,
                spacing,
                3,
                origin,
                new Lps(1, 0, 0),
                new Lps(0, 1, 0),
                new Lps(0, 0, 1));
    }

    private static Volume filled(VolumeGeometry geometry, float value) {
        float[] values = new float[(int) geometry.voxelCount()];
        Arrays.fill(values, value);
        return new Volume(geometry, values);
    }

    private static Volume spot(VolumeGeometry geometry, int i, int j, int k, float value) {
        Volume volume = filled(geometry, 0);
        volume.values()[geometry.offset(i, j, k)] = value;
        return volume;
    }
}
