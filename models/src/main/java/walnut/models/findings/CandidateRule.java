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
            if (maximum < rule.minimumConfidence()) {
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
        private final ConnectedComponents components;

        /** Offsets that could belong to a blob of the lowest maximum the rule takes, ascending; those emptied drop out. */
        private final int[] warm;

        private int warmCount;

        Search(Volume heatmap) {
            grid = heatmap.geometry();
            left = heatmap.values().clone();
            besideTaken = new boolean[left.length];
            components = new ConnectedComponents(grid);
            double least = rule.minimumConfidence() / rule.dynamicFactor();
            warm = new int[left.length];
            for (int offset = 0; offset < left.length; offset++) {
                if (left[offset] > 0 && left[offset] >= least) {
                    warm[warmCount++] = offset;
                }
            }
        }

        float maximum() {
            float maximum = Float.NEGATIVE_INFINITY;
            int count = 0;
            for (int n = 0; n < warmCount; n++) {
                int offset = warm[n];
                if (left[offset] > 0) {
                    warm[count++] = offset;
                    maximum = Math.max(maximum, left[offset]);
                }
            }
            warmCount = count;
            return maximum;
        }

        /** The blob with the greatest maximum of those that are large enough; null when none is. */
        @Nullable
        Candidate hottest(float maximum, double threshold) {
            for (int n = 0; n < warmCount; n++) {
                if (left[warm[n]] >= threshold) {
                    components.add(warm[n]);
                }
            }
            // Nearly always a blob that holds the map's maximum is large enough, and no other need be looked at.
            Candidate hottest = hottestFrom(maximum);
            if (hottest == null) {
                hottest = hottestFrom(Float.MIN_VALUE);
            }
            for (int n = 0; n < warmCount; n++) {
                components.remove(warm[n]);
            }
            return hottest;
        }

        /** The same among the blobs that reach this value. */
        private @Nullable Candidate hottestFrom(float least) {
            Candidate hottest = null;
            for (int n = 0; n < warmCount; n++) {
                if (left[warm[n]] >= least && components.has(warm[n])) {
                    int[] blob = components.takeRound(warm[n]);
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

        void clearAbove(double threshold) {
            for (int n = 0; n < warmCount; n++) {
                if (left[warm[n]] > threshold) {
                    left[warm[n]] = 0;
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
