package walnut.server.frames;

import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

/**
 * Draws the pictures of one case. Every pane is drawn on the T2W grid, so that the same pixel is the same place in the
 * patient in all of them and they can be scrolled together.
 *
 * <p>Windows: T2W from the 1st to the 99.5th percentile of its own volume, HBV to the 99.9th, since a lesion that shines
 * there fills less than half a percent and would be clipped with the gland around it; ADC {@link GrayWindow#ADC}.
 * Immutable; may be shared between threads.
 */
public final class CaseFrames {
    private final CasePanes panes;
    private final VolumeGeometry grid;
    private final GrayWindow t2wWindow;
    private final Optional<GrayWindow> hbvWindow;

    private CaseFrames(CasePanes panes, VolumeGeometry grid, GrayWindow t2wWindow, Optional<GrayWindow> hbvWindow) {
        this.panes = panes;
        this.grid = grid;
        this.t2wWindow = t2wWindow;
        this.hbvWindow = hbvWindow;
    }

    /** Empty where the case has no T2W and therefore no grid to draw on. */
    public static Optional<CaseFrames> of(CasePanes panes) {
        return panes.volume(Pane.T2W)
                .map(t2w -> new CaseFrames(
                        panes,
                        t2w.geometry(),
                        GrayWindow.percentiles(t2w, 0.01, 0.995),
                        panes.volume(Pane.HBV).map(hbv -> GrayWindow.percentiles(hbv, 0.01, 0.999))));
    }

    /** The same pictures, one pane never drawn. */
    public CaseFrames without(Pane hidden) {
        EnumMap<Pane, Volume> shown = new EnumMap<>(panes.volumes());
        shown.remove(hidden);
        return new CaseFrames(new CasePanes(panes.revision(), shown), grid, t2wWindow, hbvWindow);
    }

    public String revision() {
        return panes.revision();
    }

    /** The T2W grid; its slices are the slices of every pane. */
    public VolumeGeometry grid() {
        return grid;
    }

    /** The InstanceNumber under which a viewer shows slice {@code k} of the T2W series; empty where that is unknown. */
    public OptionalInt t2wInstanceNumber(int k) {
        List<Integer> numbers = panes.t2wInstanceNumbers();
        return k >= 0 && k < numbers.size() ? OptionalInt.of(numbers.get(k)) : OptionalInt.empty();
    }

    public boolean has(Pane pane) {
        return panes.volume(pane).isPresent();
    }

    /**
     * PNG of a pane at slice {@code k} of the T2W grid: 8-bit gray, or colour with opacity for the heatmap. Black (clear)
     * where the pane's volume does not reach.
     */
    public byte[] png(Pane pane, int k) {
        if (pane == Pane.HEATMAP) {
            return coloured(plane(pane, k));
        }
        return Png.gray(grays(pane, k), grid.columns(), grid.rows());
    }

    /**
     * The grays of a pane's picture at slice {@code k} of the T2W grid, {@code [rows][columns]} flattened column-fastest.
     * The heatmap has colours and no grays.
     */
    public byte[] grays(Pane pane, int k) {
        float[] plane = plane(pane, k);
        return switch (pane) {
            case T2W -> gray(plane, t2wWindow);
            case ADC -> gray(plane, GrayWindow.ADC);
            case HBV -> gray(plane, hbvWindow.orElseThrow());
            case HEATMAP -> throw new IllegalArgumentException("the heatmap is drawn in colour");
        };
    }

    private float[] plane(Pane pane, int k) {
        if (k < 0 || k >= grid.slices()) {
            throw new WalnutException(
                    FailureCode.NOT_FOUND, "slice " + k + " does not exist: slices are 0 to " + (grid.slices() - 1));
        }
        Volume volume = panes.volume(pane)
                .orElseThrow(() -> new WalnutException(
                        FailureCode.NOT_FOUND, "this case has no " + pane.pathSegment() + " to show"));
        return Reslice.atSlice(volume, grid, k);
    }

    private static byte[] gray(float[] plane, GrayWindow window) {
        byte[] grays = new byte[plane.length];
        for (int index = 0; index < plane.length; index++) {
            grays[index] = (byte) window.gray(plane[index]);
        }
        return grays;
    }

    private byte[] coloured(float[] plane) {
        int[] colours = new int[plane.length];
        for (int index = 0; index < plane.length; index++) {
            colours[index] = ScoreColours.argb(plane[index]);
        }
        return Png.argb(colours, grid.columns(), grid.rows());
    }
}
