package walnut.volume;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The voxels of a volume in the order nearest to the patient's axes: the first index grows towards L, the second towards P,
 * the third towards S. Two programs that agree about where voxels lie agree in this order, however they turn their arrays.
 */
public final class NearestLpsOrder {
    private final VolumeGeometry geometry;

    /** For L, P, S: which index of (i, j, k) runs along it. */
    private final int[] axis = {-1, -1, -1};

    private final boolean[] forwards = new boolean[3];
    private final int[] size;

    private NearestLpsOrder(VolumeGeometry geometry) {
        this.geometry = geometry;
        this.size = new int[] {geometry.columns(), geometry.rows(), geometry.slices()};
        double[] direction = geometry.directionLps();
        for (int taken = 0; taken < 3; taken++) {
            int best = -1;
            for (int at = 0; at < 9; at++) {
                boolean free = axis[at / 3] < 0 && axis[0] != at % 3 && axis[1] != at % 3 && axis[2] != at % 3;
                if (free && (best < 0 || Math.abs(direction[at]) > Math.abs(direction[best]))) {
                    best = at;
                }
            }
            axis[best / 3] = best % 3;
            forwards[best / 3] = direction[best] > 0;
        }
    }

    public static NearestLpsOrder of(VolumeGeometry geometry) {
        return new NearestLpsOrder(geometry);
    }

    /** Voxels towards L, P and S, with a blank between them. */
    public String size() {
        return size[axis[0]] + " " + size[axis[1]] + " " + size[axis[2]];
    }

    /**
     * Whether all eight corners lie within this distance of those of a grid of which four are given: the first voxel, and the
     * last towards L, P and S.
     */
    public boolean corners(double toleranceMm, List<Lps> four) {
        for (int corner = 0; corner < 8; corner++) {
            boolean[] last = {(corner & 1) == 1, (corner >> 1 & 1) == 1, corner >> 2 == 1};
            Lps theirs = four.get(0);
            for (int along = 0; along < 3; along++) {
                theirs = last[along] ? theirs.plus(four.get(1 + along).minus(four.get(0))) : theirs;
            }
            int[] index = index(last[0] ? 1 : 0, last[1] ? 1 : 0, last[2] ? 1 : 0, true);
            Lps ours = geometry.toPatient(index[0], index[1], index[2]);
            if (!(ours.minus(theirs).length() <= toleranceMm)) {
                return false;
            }
        }
        return true;
    }

    /** SHA-256 over the stored values, value = stored × slope + intercept, as 32-bit little-endian integers. */
    public String sha256OfStored(float[] values, double slope, double intercept) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int s = 0; s < size[axis[2]]; s++) {
            for (int p = 0; p < size[axis[1]]; p++) {
                for (int l = 0; l < size[axis[0]]; l++) {
                    int[] index = index(l, p, s, false);
                    float value = values[geometry.offset(index[0], index[1], index[2])];
                    bytes.putInt((int) Math.rint((value - intercept) / slope));
                }
            }
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** (i, j, k) of an index towards L, P, S; with {@code ends} 0 and 1 stand for the first and the last voxel. */
    private int[] index(int l, int p, int s, boolean ends) {
        int[] lps = {l, p, s};
        int[] index = new int[3];
        for (int along = 0; along < 3; along++) {
            int last = size[axis[along]] - 1;
            int at = ends ? lps[along] * last : lps[along];
            index[axis[along]] = forwards[along] ? at : last - at;
        }
        return index;
    }
}
