package walnut.models.findings;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import walnut.models.passport.Passport;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

/**
 * Cuts candidates out of a heatmap by the rule {@code dynamic}, version 2: the hottest blob, down to a fraction of its
 * maximum, then the hottest of what is left, and so on.
 *
 * <p>A blob is a 26-connected set of voxels at or above the threshold; among blobs of equal maximum the one whose first
 * voxel comes first is taken. One that touches a candidate already taken is consumed but not listed.
 * <p>Source: DIAGNijmegen/Report-Guided-Annotation, {@code extract_lesion_candidates_dynamic}, commit f2d1352. Version 2 is
 * the correction there: when every blob at the threshold is too small, those voxels are cleared and the rule goes on;
 * version 1 stopped finding anything. Thresholds are computed in double.
 */
final class CandidateRule {
    private final Passport.Candidates rule;

    CandidateRule(Passport.Candidates rule) {
        this.rule = rule;
    }

    /** Candidates in the order found, which is that of falling confidence. */
    List<Candidate> apply(Volume heatmap) {
        Search search = new Search(heatmap);
        List<Candidate> taken = new ArrayList<>();
        while (taken.size() < rule.maximumCandidates()) {
            float maximum = search.maximum();
            if (maximum < rule.minimumConfidence() || maximum == 0) {
                break;
            }
            double threshold = maximum / rule.dynamicFactor();
            Candidate hottest = search.hottest(maximum, threshold);
            if (hottest == null) {
                search.clearAbove(threshold);
                continue;
            }
            if (!touches(hottest, search.besideTaken)) {
                taken.add(hottest);
                markWithNeighbours(hottest, search.grid, search.besideTaken);
            }
            search.clear(hottest.voxels());
        }
        return taken;
    }

    /** What is left of the map, as the rule eats it; only rows that hold something hot are looked into. */
    private final class Search {
        final VolumeGeometry grid;
        final boolean[] besideTaken;
        private final float[] left;
        private final float[] rowMaximum;
        private final ConnectedComponents components;

        /** Offsets of the voxels at or above the threshold at hand. */
        private final int[] hot;

        Search(Volume heatmap) {
            grid = heatmap.geometry();
            left = heatmap.values().clone();
            besideTaken = new boolean[left.length];
            components = new ConnectedComponents(grid);
            hot = new int[left.length];
            rowMaximum = new float[left.length / grid.columns()];
            for (int row = 0; row < rowMaximum.length; row++) {
                measure(row);
            }
        }

        private void measure(int row) {
            float maximum = 0;
            for (int offset = row * grid.columns(); offset < (row + 1) * grid.columns(); offset++) {
                maximum = left[offset] > maximum ? left[offset] : maximum;
            }
            rowMaximum[row] = maximum;
        }

        /** 0 when nothing is left. */
        float maximum() {
            float maximum = 0;
            for (float ofRow : rowMaximum) {
                maximum = Math.max(maximum, ofRow);
            }
            return maximum;
        }

        /** The blob with the greatest maximum of those that are large enough; null when none is. */
        @Nullable
        Candidate hottest(float maximum, double threshold) {
            int count = 0;
            for (int row = 0; row < rowMaximum.length; row++) {
                if (rowMaximum[row] >= threshold) {
                    count = addHot(row, threshold, count);
                }
            }
            // Nearly always a blob that holds the map's maximum is large enough, and no other need be looked at.
            Candidate hottest = hottestFrom(maximum, count);
            if (hottest == null) {
                hottest = hottestFrom(Float.MIN_VALUE, count);
            }
            for (int n = 0; n < count; n++) {
                components.remove(hot[n]);
            }
            return hottest;
        }

        private int addHot(int row, double threshold, int before) {
            int count = before;
            for (int offset = row * grid.columns(); offset < (row + 1) * grid.columns(); offset++) {
                if (left[offset] > 0 && left[offset] >= threshold) {
                    components.add(offset);
                    hot[count++] = offset;
                }
            }
            return count;
        }

        /** The same among the blobs that reach this value. */
        private @Nullable Candidate hottestFrom(float least, int count) {
            Candidate hottest = null;
            for (int n = 0; n < count; n++) {
                if (left[hot[n]] >= least && components.has(hot[n])) {
                    int[] blob = components.takeRound(hot[n]);
                    if (blob.length >= rule.minimumVoxels()) {
                        Candidate candidate = candidate(blob, left);
                        if (hottest == null || isBefore(candidate, hottest)) {
                            hottest = candidate;
                        }
                    }
                }
            }
            return hottest;
        }

        void clear(int[] blob) {
            int row = -1;
            for (int offset : blob) {
                if (offset / grid.columns() != row && row >= 0) {
                    measure(row);
                }
                row = offset / grid.columns();
                left[offset] = 0;
            }
            measure(row);
        }

        void clearAbove(double threshold) {
            for (int row = 0; row < rowMaximum.length; row++) {
                if (rowMaximum[row] > threshold) {
                    for (int offset = row * grid.columns(); offset < (row + 1) * grid.columns(); offset++) {
                        left[offset] = left[offset] > threshold ? 0 : left[offset];
                    }
                    measure(row);
                }
            }
        }
    }

    /** By maximum; of equal ones by first voxel. */
    private static boolean isBefore(Candidate one, Candidate other) {
        return one.confidence() > other.confidence()
                || one.confidence() == other.confidence() && one.voxels()[0] < other.voxels()[0];
    }

    private static Candidate candidate(int[] blob, float[] values) {
        int peak = blob[0];
        for (int offset : blob) {
            if (values[offset] > values[peak]) {
                peak = offset;
            }
        }
        return new Candidate(blob, peak, values[peak]);
    }

    private static boolean touches(Candidate candidate, boolean[] besideTaken) {
        for (int offset : candidate.voxels()) {
            if (besideTaken[offset]) {
                return true;
            }
        }
        return false;
    }

    private static void markWithNeighbours(Candidate candidate, VolumeGeometry grid, boolean[] marks) {
        for (int offset : candidate.voxels()) {
            int i = offset % grid.columns();
            int j = offset / grid.columns() % grid.rows();
            int k = offset / grid.columns() / grid.rows();
            for (int kk = Math.max(k - 1, 0); kk <= Math.min(k + 1, grid.slices() - 1); kk++) {
                for (int jj = Math.max(j - 1, 0); jj <= Math.min(j + 1, grid.rows() - 1); jj++) {
                    for (int ii = Math.max(i - 1, 0); ii <= Math.min(i + 1, grid.columns() - 1); ii++) {
                        marks[grid.offset(ii, jj, kk)] = true;
                    }
                }
            }
        }
    }
}
