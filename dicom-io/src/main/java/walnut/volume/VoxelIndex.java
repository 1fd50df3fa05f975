package walnut.volume;

/** A continuous voxel index (i, j, k) = (column, row, slice); voxel centres lie at whole numbers. */
public record VoxelIndex(double i, double j, double k) {}
