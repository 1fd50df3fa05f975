package walnut.models.findings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
            if (maximum < rule.minimumConfidence()) {
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
            for (int offset : hottest.voxels()) {
                search.left[offset] = 0;
            }
        }
        return taken;
    }

    /** What is left of the map, as the rule eats it; only voxels that could still matter are looked at. */
    private final class Search {
        final VolumeGeometry grid;
        final float[] left;
        final boolean[] besideTaken;
        private final boolean[] waiting;
        private final int[] members;

        /** Offsets that could belong to a blob of the lowest maximum the rule takes, ascending. */
        private final int[] warm;

        Search(Volume heatmap) {
            grid = heatmap.geometry();
            left = heatmap.values().clone();
            besideTaken = new boolean[left.length];
            waiting = new boolean[left.length];
            double least = rule.minimumConfidence() / rule.dynamicFactor();
            int[] offsets = new int[left.length];
            int count = 0;
            for (int offset = 0; offset < left.length; offset++) {
                if (left[offset] > 0 && left[offset] >= least) {
                    offsets[count++] = offset;
                }
            }
            warm = Arrays.copyOf(offsets, count);
            members = new int[count];
        }

        float maximum() {
            float maximum = Float.NEGATIVE_INFINITY;
            for (int offset : warm) {
                maximum = Math.max(maximum, left[offset]);
            }
            return maximum;
        }

        @org.jspecify.annotations.Nullable
        Candidate hottest(double threshold) {
            int count = 0;
            for (int offset : warm) {
                if (left[offset] > 0 && left[offset] >= threshold) {
                    members[count++] = offset;
                }
            }
            Candidate hottest = null;
            for (int[] blob : ConnectedComponents.of(grid, members, count, waiting)) {
                if (blob.length >= rule.minimumVoxels()) {
                    Candidate candidate = candidate(blob, left);
                    if (hottest == null || candidate.confidence() > hottest.confidence()) {
                        hottest = candidate;
                    }
                }
            }
            return hottest;
        }

        void clearAbove(double threshold) {
            for (int offset : warm) {
                if (left[offset] > threshold) {
                    left[offset] = 0;
                }
            }
        }
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
