package walnut.models.findings;

import java.util.ArrayList;
import java.util.Arrays;
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
            Candidate hottest = search.hottest(threshold);
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

        Search(Volume heatmap) {
            grid = heatmap.geometry();
            left = heatmap.values().clone();
            besideTaken = new boolean[left.length];
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

        /**
         * The blob with the greatest maximum of those that are large enough, of equal ones the first; null when none is.
         */
        @Nullable
        Candidate hottest(double threshold) {
            ConnectedComponents blobs = ConnectedComponents.of(
                    grid, row -> rowMaximum[row] >= threshold, offset -> left[offset] > 0 && left[offset] >= threshold);
            int[] peaks = blobs.peaks(left);
            int hottest = -1;
            for (int blob = 0; blob < blobs.count(); blob++) {
                if (blobs.size(blob) >= rule.minimumVoxels()
                        && (hottest < 0 || left[peaks[blob]] > left[peaks[hottest]])) {
                    hottest = blob;
                }
            }
            return hottest < 0 ? null : new Candidate(blobs.voxels(hottest), peaks[hottest], left[peaks[hottest]]);
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

    private static boolean touches(Candidate candidate, boolean[] besideTaken) {
        for (int offset : candidate.voxels()) {
            if (besideTaken[offset]) {
                return true;
            }
        }
        return false;
    }

    /** Marks the voxels and all that touch them, a stretch of neighbours within a row at a time. */
    private static void markWithNeighbours(Candidate candidate, VolumeGeometry grid, boolean[] marks) {
        int[] voxels = candidate.voxels();
        int from = 0;
        for (int n = 1; n <= voxels.length; n++) {
            boolean goesOn = n < voxels.length && voxels[n] == voxels[n - 1] + 1 && voxels[n] % grid.columns() != 0;
            if (!goesOn) {
                markRound(voxels[from], voxels[n - 1], grid, marks);
                from = n;
            }
        }
    }

    private static void markRound(int first, int last, VolumeGeometry grid, boolean[] marks) {
        int i = first % grid.columns();
        int row = first / grid.columns();
        int j = row % grid.rows();
        int k = row / grid.rows();
        int left = Math.max(i - 1, 0);
        int right = Math.min(i + last - first + 1, grid.columns() - 1);
        for (int kk = Math.max(k - 1, 0); kk <= Math.min(k + 1, grid.slices() - 1); kk++) {
            for (int jj = Math.max(j - 1, 0); jj <= Math.min(j + 1, grid.rows() - 1); jj++) {
                Arrays.fill(marks, grid.offset(left, jj, kk), grid.offset(right, jj, kk) + 1, true);
            }
        }
    }
}
