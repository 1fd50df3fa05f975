package walnut.prostate.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.testing.SharedData;
import walnut.volume.Lps;
import walnut.volume.NearestLpsOrder;
import walnut.volume.Volume;

/**
 * A real prostate study and the makers' excerpts against what dcm2niix made of them (dcm2niix_expectations.py, in
 * dcm2niix-volumes.tsv, with what was left out and why): as many volumes, the same b-values, corners and stored values.
 *
 * <p>{@link VendorVolumesTest} asks dcm2niix itself where it is installed; this one needs the data alone.
 */
class Dcm2niixExpectationsTest {
    private static final String TABLE = "dcm2niix-volumes.tsv";
    private static final double CORNER_MM = 1e-3;

    @ParameterizedTest
    @MethodSource("folders")
    void gives_the_volumes_that_dcm2niix_gave(String folder) {
        List<Study> studies = StudyFolder.read(SharedData.require(folder)).studies();
        assertThat(studies).hasSize(1);
        Map<Integer, List<Expected>> bySeries = new LinkedHashMap<>();
        expected(folder).forEach(line -> bySeries.computeIfAbsent(line.series(), unused -> new ArrayList<>())
                .add(line));
        assertThat(studies.get(0).series())
                .extracting(series -> series.seriesNumber().orElseThrow())
                .containsExactlyElementsOf(bySeries.keySet());
        for (StudySeries series : studies.get(0).series()) {
            List<Expected> theirs = bySeries.get(series.seriesNumber().orElseThrow());
            assertThat(series.problems()).as(series.name()).isEmpty();
            assertThat(series.volumes()).as(series.name()).hasSameSizeAs(theirs);
            List<SeriesVolume> left = new ArrayList<>(series.volumes());
            for (Expected one : theirs) {
                List<SeriesVolume> equal = left.stream().filter(one::isEqualTo).toList();
                assertThat(equal).as("%s like %s", series.name(), one).hasSize(1);
                left.removeAll(equal);
            }
        }
    }

    static Stream<String> folders() {
        return lines().map(line -> line[0]).distinct();
    }

    private static List<Expected> expected(String folder) {
        return lines().filter(line -> line[0].equals(folder)).map(Expected::of).toList();
    }

    private static Stream<String[]> lines() {
        try (InputStream in = Objects.requireNonNull(Dcm2niixExpectationsTest.class.getResourceAsStream(TABLE))) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return text.lines().filter(line -> !line.startsWith("#")).skip(1).map(line -> line.split("\t", -1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A line of the table.
     *
     * @param b empty where dcm2niix wrote none: then ours is not asked
     * @param corners first voxel and the last along each axis, in the order nearest to L, P, S
     */
    private record Expected(
            int series,
            OptionalDouble b,
            String size,
            List<Lps> corners,
            double slope,
            double intercept,
            String sha256) {

        static Expected of(String[] line) {
            return new Expected(
                    Integer.parseInt(line[1]),
                    line[2].isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(line[2])),
                    line[3],
                    Arrays.stream(line[4].split("; ")).map(Expected::place).toList(),
                    Double.parseDouble(line[5]),
                    Double.parseDouble(line[6]),
                    line[7]);
        }

        private static Lps place(String text) {
            String[] values = text.split(" ");
            return new Lps(Double.parseDouble(values[0]), Double.parseDouble(values[1]), Double.parseDouble(values[2]));
        }

        boolean isEqualTo(SeriesVolume ours) {
            NearestLpsOrder order = NearestLpsOrder.of(ours.geometry().orElseThrow());
            boolean sameB = b.isEmpty() || b.equals(ours.bValue());
            if (!sameB || !size.equals(order.size()) || !order.corners(CORNER_MM, corners)) {
                return false;
            }
            if (compressed(ours)) {
                assertThatThrownBy(() -> VolumeBuilder.build(ours))
                        .isInstanceOfSatisfying(WalnutException.class, refused -> assertThat(refused.code())
                                .isEqualTo(FailureCode.PIXELS_NOT_DECODABLE));
                return true;
            }
            Volume volume = VolumeBuilder.build(ours);
            return sha256.equals(order.sha256OfStored(volume.values(), slope, intercept));
        }

        private static boolean compressed(SeriesVolume ours) {
            return ours.frames().get(0).pixels().file().toString().contains("compressed");
        }
    }
}
