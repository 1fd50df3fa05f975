package walnut.monitoring.lesion;

/** The shape of a volume: array[slice][row][column] flattened column-fastest. */
public record Grid(int slices, int rows, int columns) {
    public Grid {
        if (slices < 1 || rows < 1 || columns < 1) {
            throw new IllegalArgumentException("a grid has at least one voxel per axis");
        }
    }

    public int size() {
        return Math.multiplyExact(Math.multiplyExact(slices, rows), columns);
    }

    int index(int slice, int row, int column) {
        return (slice * rows + row) * columns + column;
    }

    int slice(int index) {
        return index / (rows * columns);
    }

    int row(int index) {
        return index / columns % rows;
    }

    int column(int index) {
        return index % columns;
    }

    boolean contains(int slice, int row, int column) {
        return slice >= 0 && slice < slices && row >= 0 && row < rows && column >= 0 && column < columns;
    }
}
