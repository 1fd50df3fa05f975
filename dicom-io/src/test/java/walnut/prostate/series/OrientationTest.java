package walnut.prostate.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.part10.Part10Writer;
import walnut.testing.MrSeries;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/**
 * However a stack lies, is numbered, sent or turned, a marker that was drawn at a place of the patient is found at that
 * place: the one question that mixed-up rows, columns, slices, signs and sides all fail.
 */
class OrientationTest {
    private static final int SLICES = 5;

    /** Rows and columns of HFS, FFS, HFP and FFP pictures, of the other planes, and of turned and mirrored ones. */
    private static final Lps[] AXES = {
        new Lps(1, 0, 0), new Lps(-1, 0, 0), new Lps(0, 1, 0), new Lps(0, -1, 0), new Lps(0, 0, 1), new Lps(0, 0, -1)
    };

    @Property(tries = 150)
    void a_marker_lies_where_it_was_drawn(
            @ForAll @IntRange(min = 0, max = 5) int rowAxis,
            @ForAll @IntRange(min = 0, max = 3) int columnAxis,
            @ForAll @DoubleRange(min = -0.6, max = 0.6) double tilt,
            @ForAll @DoubleRange(min = -0.6, max = 0.6) double turn,
            @ForAll boolean towardsNormal,
            @ForAll long seed)
            throws IOException {
        Lps row = rotated(AXES[rowAxis], tilt, turn);
        Lps column = rotated(perpendicular(AXES[rowAxis]).get(columnAxis), tilt, turn);
        Lps step = row.cross(column).times(towardsNormal ? MrSeries.STEP_MM : -MrSeries.STEP_MM);
        Lps corner = new Lps(-31.25, 48.5, -112.75);
        Random random = new Random(seed);
        int[] marker = {random.nextInt(MrSeries.COLUMNS), random.nextInt(MrSeries.ROWS), random.nextInt(SLICES)};
        Lps place = corner.plus(row.times(marker[0] * MrSeries.SPACING_BETWEEN_COLUMNS_MM))
                .plus(column.times(marker[1] * MrSeries.SPACING_BETWEEN_ROWS_MM))
                .plus(step.times(marker[2]));

        Path folder = Files.createTempDirectory("walnut-orientation");
        try {
            List<Integer> names = new ArrayList<>(List.of(0, 1, 2, 3, 4));
            Collections.shuffle(names, random);
            List<DataSet> stack = MrSeries.t2w(2).slices(SLICES).instances();
            for (int slice = 0; slice < SLICES; slice++) {
                Lps position = corner.plus(step.times(slice));
                DataSet instance = stack.get(slice).toBuilder()
                        .putDecimal(Tag.ImagePositionPatient, position.x(), position.y(), position.z())
                        .putDecimal(
                                Tag.ImageOrientationPatient,
                                row.x(),
                                row.y(),
                                row.z(),
                                column.x(),
                                column.y(),
                                column.z())
                        .build();
                Part10Writer.write(
                        folder.resolve(names.get(slice) + ".dcm"), instance, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
            }
            StudySeries series =
                    StudyFolder.read(folder).studies().get(0).series().get(0);
            assertThat(series.problems()).isEmpty();
            Volume volume = VolumeBuilder.build(series.volumes().get(0));
            VolumeGeometry grid = volume.geometry();
            assertThat(grid.directionI().cross(grid.directionJ()).dot(grid.directionK()))
                    .as("determinant")
                    .isCloseTo(1, within(1e-9));
            VoxelIndex found = grid.toIndex(place);
            assertThat(volume.at(nearest(found.i()), nearest(found.j()), nearest(found.k())))
                    .as("value drawn at %s", place)
                    .isEqualTo(1000f * marker[2] + 10 * marker[1] + marker[0]);
            assertThat(grid.toPatient(nearest(found.i()), nearest(found.j()), nearest(found.k()))
                            .minus(place)
                            .length())
                    .isCloseTo(0, within(1e-3));
        } finally {
            delete(folder);
        }
    }

    private static int nearest(double index) {
        assertThat(Math.abs(index - Math.rint(index))).isLessThan(1e-3);
        return (int) Math.rint(index);
    }

    /** The four axes across this one, either way round: each plane and its mirror image. */
    private static List<Lps> perpendicular(Lps axis) {
        return Stream.of(AXES).filter(other -> other.dot(axis) == 0).toList();
    }

    /** About x by {@code tilt}, then about z by {@code turn}. */
    private static Lps rotated(Lps v, double tilt, double turn) {
        double y = v.y() * StrictMath.cos(tilt) - v.z() * StrictMath.sin(tilt);
        double z = v.y() * StrictMath.sin(tilt) + v.z() * StrictMath.cos(tilt);
        return new Lps(
                v.x() * StrictMath.cos(turn) - y * StrictMath.sin(turn),
                v.x() * StrictMath.sin(turn) + y * StrictMath.cos(turn),
                z);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
