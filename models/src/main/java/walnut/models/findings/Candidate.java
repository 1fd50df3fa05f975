package walnut.models.findings;

/**
 * A part of the heatmap taken for one lesion.
 *
 * @param voxels offsets into the map, ascending
 * @param peak offset of the first voxel that holds the maximum
 * @param confidence the maximum
 */
record Candidate(int[] voxels, int peak, float confidence) {}
