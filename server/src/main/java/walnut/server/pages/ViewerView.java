package walnut.server.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import walnut.server.frames.CaseFrames;
import walnut.server.frames.Orientation;
import walnut.server.frames.Pane;
import walnut.volume.Lps;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/**
 * The three panes of a case, all on the T2W grid.
 *
 * @param slice the slice shown first, from 0
 * @param revisionQuery query part that names the pictures' revision
 * @param widthMm extent of a slice, for the shape of the panes: pixels need not be square
 * @param firstPosition patient position of slice 0 along the slice axis, mm; {@code positionStep} from slice to slice
 * @param grid what a place in a picture is in the patient
 * @param numbers under which the radiologist's own viewer shows the same images
 * @param heatmapSource null where the case has no heatmap
 */
public record ViewerView(
        int slices,
        int slice,
        String revisionQuery,
        double widthMm,
        double heightMm,
        String axis,
        double firstPosition,
        double positionStep,
        Grid grid,
        Numbers numbers,
        Orientation orientation,
        List<PaneView> panes,
        @Nullable String heatmapSource) {

    /** {@code source} is null where the case has no such volume; {@code caption} says how the grays are to be read. */
    public record PaneView(
            String label, String caption, @Nullable String source) {}

    /**
     * @param series SeriesNumber of the T2W; null where it is unknown
     * @param images InstanceNumber of each slice, with commas; empty where the images have none of their own
     */
    public record Numbers(@Nullable Integer series, String images) {
        static Numbers of(CaseFrames frames, @Nullable Integer series) {
            return new Numbers(
                    series,
                    IntStream.range(0, frames.grid().slices())
                            .mapToObj(frames::t2wInstanceNumber)
                            .flatMapToInt(OptionalInt::stream)
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining(",")));
        }

        /** "image 14 of series 4, " in front of a slice of the stack; nothing where it is unknown. */
        String before(int slice) {
            if (images.isEmpty()) {
                return "";
            }
            String image = "image " + images.split(",")[slice];
            return series == null ? image + ", " : image + " of series " + series + ", ";
        }
    }

    static ViewerView of(
            String caseId, CaseFrames frames, int slice, String hbvLabel, @Nullable Integer t2wSeriesNumber) {
        VolumeGeometry grid = frames.grid();
        List<PaneView> panes = new ArrayList<>();
        panes.add(pane(caseId, frames, Pane.T2W, "T2W", "1st to 99.5th percentile"));
        panes.add(pane(caseId, frames, Pane.ADC, "ADC", "0 to 3000 × 10⁻⁶ mm²/s"));
        panes.add(pane(caseId, frames, Pane.HBV, hbvLabel, "1st to 99.9th percentile"));
        Axis axis = Axis.nearest(grid.directionK());
        Lps centre = grid.toPatient((grid.columns() - 1) / 2.0, (grid.rows() - 1) / 2.0, 0);
        return new ViewerView(
                grid.slices(),
                Math.max(0, Math.min(grid.slices() - 1, slice)),
                Hrefs.revisionQuery(frames.revision()),
                grid.columns() * grid.spacingI(),
                grid.rows() * grid.spacingJ(),
                axis.name().toLowerCase(Locale.ROOT),
                axis.of(centre),
                axis.of(grid.directionK()) * grid.spacingK(),
                Grid.of(grid),
                Numbers.of(frames, t2wSeriesNumber),
                Orientation.of(grid),
                panes,
                frames.has(Pane.HEATMAP) ? Hrefs.pane(caseId, Pane.HEATMAP) : null);
    }

    /** Where a patient position lies on the panes: slice, and place as a percentage of width and height. */
    static @Nullable Place place(VolumeGeometry grid, double @Nullable [] lps) {
        if (lps == null || lps.length != 3) {
            return null;
        }
        VoxelIndex index = grid.toIndex(new Lps(lps[0], lps[1], lps[2]));
        int slice = (int) Math.round(index.k());
        boolean inside = slice >= 0
                && slice < grid.slices()
                && index.i() >= -0.5
                && index.i() <= grid.columns() - 0.5
                && index.j() >= -0.5
                && index.j() <= grid.rows() - 0.5;
        return inside
                ? new Place(slice, 100 * (index.i() + 0.5) / grid.columns(), 100 * (index.j() + 0.5) / grid.rows())
                : null;
    }

    /**
     * What a place in a picture is in the patient: {@code origin} is the centre of voxel (0,0,0), the steps lead from one
     * column, row and slice to the next; each "x,y,z" in LPS millimetres.
     */
    public record Grid(int columns, int rows, String origin, String columnStep, String rowStep, String sliceStep) {
        static Grid of(VolumeGeometry grid) {
            return new Grid(
                    grid.columns(),
                    grid.rows(),
                    numbers(grid.toPatient(0, 0, 0)),
                    numbers(grid.directionI().times(grid.spacingI())),
                    numbers(grid.directionJ().times(grid.spacingJ())),
                    numbers(grid.directionK().times(grid.spacingK())));
        }

        private static String numbers(Lps lps) {
            return lps.x() + "," + lps.y() + "," + lps.z();
        }
    }

    public record Place(int slice, double leftPercent, double topPercent) {}

    /** The picture's address for the slice shown first. */
    public String firstPicture(String source) {
        return source + slice + ".png" + revisionQuery;
    }

    public String sliceLabel() {
        return sliceLabel(slice);
    }

    /** As the image is called in the reader's own viewer, then where it is in the stack. */
    String sliceLabel(int k) {
        String label = numbers.before(k) + "slice " + (k + 1) + " of " + slices;
        return label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1);
    }

    public String positionLabel() {
        return String.format(Locale.ROOT, "%s %.1f mm", axis, firstPosition + slice * positionStep);
    }

    private static PaneView pane(String caseId, CaseFrames frames, Pane pane, String label, String caption) {
        return new PaneView(label, caption, frames.has(pane) ? Hrefs.pane(caseId, pane) : null);
    }

    /** The patient axis along which slices are counted in millimetres. */
    private enum Axis {
        X,
        Y,
        Z;

        static Axis nearest(Lps direction) {
            double x = Math.abs(direction.x());
            double y = Math.abs(direction.y());
            double z = Math.abs(direction.z());
            if (z >= x && z >= y) {
                return Z;
            }
            return y >= x ? Y : X;
        }

        double of(Lps point) {
            return switch (this) {
                case X -> point.x();
                case Y -> point.y();
                case Z -> point.z();
            };
        }
    }
}
