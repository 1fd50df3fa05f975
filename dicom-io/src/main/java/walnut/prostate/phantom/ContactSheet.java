package walnut.prostate.phantom;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import walnut.volume.Lps;
import walnut.volume.Mask;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/**
 * A picture to look at phantoms with: a row a study, T2W, ADC and high b of the slice through the first lesion, or
 * through the middle, and of another; cancers outlined in red, the gland in grey. The patient's left is on the right.
 */
public final class ContactSheet {
    private static final int MOST_ROWS = 8;
    private static final int TILE = 200;
    private static final double FIELD_MM = 110;
    private static final int LESION = 0xff3030;
    private static final int GLAND = 0x606060;

    private final List<BufferedImage> rows = new ArrayList<>();

    /** Draws a study into the sheet while there is room. */
    public void add(PhantomStudy study) {
        if (rows.size() < MOST_ROWS) {
            rows.add(row(study));
        }
    }

    /** Writes the sheet as PNG. */
    public void write(Path file) throws IOException {
        BufferedImage sheet = new BufferedImage(6 * TILE, Math.max(1, rows.size()) * TILE, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < rows.size(); row++) {
            sheet.getRaster().setRect(0, row * TILE, rows.get(row).getRaster());
        }
        if (!ImageIO.write(sheet, "png", file.toFile())) {
            throw new IOException("this Java writes no PNG");
        }
    }

    private static BufferedImage row(PhantomStudy study) {
        BufferedImage row = new BufferedImage(6 * TILE, TILE, BufferedImage.TYPE_INT_RGB);
        VolumeGeometry grid = study.t2w().geometry();
        int middle = grid.slices() / 2;
        int first = study.lesions().isEmpty()
                ? middle
                : (int) Math.round(
                        grid.toIndex(study.lesions().get(0).centroid()).k());
        int other = Math.abs(first - middle) > 2 ? middle : Math.min(grid.slices() - 1, middle + 4);
        int[] slices = {Math.max(0, Math.min(grid.slices() - 1, first)), other};
        Volume[] volumes = {study.t2w(), study.adc(), study.highB()};
        double[] brightest = {percentile(study.t2w(), .995), 2600, percentile(study.highB(), .998)};
        for (int tile = 0; tile < 6; tile++) {
            draw(row, tile * TILE, volumes[tile % 3], brightest[tile % 3], study, slices[tile / 3]);
        }
        return row;
    }

    private static void draw(
            BufferedImage row, int left, Volume volume, double brightest, PhantomStudy study, int slice) {
        VolumeGeometry grid = study.t2w().geometry();
        Mask gland = study.gland();
        for (int y = 0; y < TILE; y++) {
            for (int x = 0; x < TILE; x++) {
                double i = (grid.columns() - 1) / 2.0 + (x - TILE / 2.0) * FIELD_MM / TILE / grid.spacingI();
                double j = (grid.rows() - 1) / 2.0 + (y - TILE / 2.0) * FIELD_MM / TILE / grid.spacingJ();
                int grey = (int) Math.max(0, Math.min(255, 255 * at(volume, grid.toPatient(i, j, slice)) / brightest));
                int colour = grey << 16 | grey << 8 | grey;
                if (edge(study.lesionMask(), i, j, slice)) {
                    colour = LESION;
                } else if (edge(gland, i, j, slice) && (x + y) % 3 == 0) {
                    colour = GLAND;
                }
                row.setRGB(left + x, y, colour);
            }
        }
    }

    private static double at(Volume volume, Lps place) {
        VolumeGeometry grid = volume.geometry();
        VoxelIndex index = grid.toIndex(place);
        int i = (int) Math.round(index.i());
        int j = (int) Math.round(index.j());
        int k = (int) Math.round(index.k());
        boolean inside = i >= 0 && j >= 0 && k >= 0 && i < grid.columns() && j < grid.rows() && k < grid.slices();
        return inside ? volume.at(i, j, k) : 0;
    }

    /** Whether a mask ends between this place and the next voxel to the right or below. */
    private static boolean edge(Mask mask, double i, double j, int slice) {
        int here = label(mask, i, j, slice);
        return here != label(mask, i + 1, j, slice) || here != label(mask, i, j + 1, slice);
    }

    private static int label(Mask mask, double i, double j, int slice) {
        VolumeGeometry grid = mask.geometry();
        int column = (int) Math.round(i);
        int row = (int) Math.round(j);
        boolean inside = column >= 0 && row >= 0 && column < grid.columns() && row < grid.rows();
        return inside ? mask.at(column, row, slice) : 0;
    }

    private static double percentile(Volume volume, double share) {
        float[] sorted = volume.values().clone();
        Arrays.sort(sorted);
        return Math.max(1, sorted[(int) (share * (sorted.length - 1))]);
    }
}
