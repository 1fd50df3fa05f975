package walnut.models.findings;

import walnut.volume.Lps;

/**
 * One candidate lesion in the patient.
 *
 * @param confidence the heatmap's maximum within it, or what a model that scores points says of its centroid
 * @param side of its centroid, see {@link Midline}
 * @param t2wSlice index k of the T2W slice nearest to its peak
 * @param volumeMm3 its voxels' volume
 * @param longAxisMm greatest distance between two of its points in any one slice, voxels taken as bricks
 * @param centroidLps mean of its voxel centres, each weighing the same
 * @param peakLps centre of the voxel with the maximum
 */
public record Finding(
        double confidence, Side side, int t2wSlice, double volumeMm3, double longAxisMm, Lps centroidLps, Lps peakLps) {

    Finding withConfidence(double other) {
        return new Finding(other, side, t2wSlice, volumeMm3, longAxisMm, centroidLps, peakLps);
    }
}
