package walnut.dicom.part10;

/**
 * How far to read, and the most that one data set may take. A file that goes beyond a limit is refused with
 * DATASET_TOO_LARGE; no limit is reached by what a length field merely announces.
 *
 * @param stopBefore reading ends before the first element at top level with this tag or a higher one, unread
 * @param longestKeptBytes a longer value is passed over: its element is not in the result, a notice says so
 * @param maxValueBytes largest single value
 * @param maxTotalBytes most bytes read from one source, after inflating and without those passed over
 * @param maxDepth most sequences inside one another
 * @param maxElements most elements and items in all, since each costs some 50 bytes however short its value
 */
public record ReadOptions(
        int stopBefore, int longestKeptBytes, int maxValueBytes, long maxTotalBytes, int maxDepth, int maxElements) {
    /** Beyond every tag. */
    private static final int NEVER = 0xFFFFFFFF;

    /** FloatPixelData, DoubleFloatPixelData and PixelData, in whichever form. */
    private static final int PIXELS = 0x7FE00000;

    private static final ReadOptions ALL = new ReadOptions(NEVER, Integer.MAX_VALUE, 1 << 30, 1L << 31, 64, 4_000_000);
    private static final ReadOptions HEADER = new ReadOptions(PIXELS, 16 << 20, 1 << 30, 256 << 20, 64, 4_000_000);

    public ReadOptions {
        if (longestKeptBytes < 0 || maxValueBytes < 0 || maxTotalBytes < 0 || maxDepth < 0 || maxElements < 0) {
            throw new IllegalArgumentException("a limit is negative");
        }
    }

    /** Everything, within limits that real objects keep: values of 1 GiB, 2 GiB in all, 64 levels, 4 million elements. */
    public static ReadOptions all() {
        return ALL;
    }

    /**
     * Everything before the pixel data, up to 256 MiB, but for values of more than 16 MiB: ultrasound and workstations
     * keep whole volumes in private elements, which no header needs.
     */
    public static ReadOptions header() {
        return HEADER;
    }

    /** Whether reading goes on to the pixels. */
    boolean readsPixels() {
        return Integer.compareUnsigned(stopBefore, PIXELS) > 0;
    }

    public ReadOptions before(int tag) {
        return new ReadOptions(tag, longestKeptBytes, maxValueBytes, maxTotalBytes, maxDepth, maxElements);
    }

    public ReadOptions withLongestKeptBytes(int bytes) {
        return new ReadOptions(stopBefore, bytes, maxValueBytes, maxTotalBytes, maxDepth, maxElements);
    }

    public ReadOptions withMaxValueBytes(int bytes) {
        return new ReadOptions(stopBefore, longestKeptBytes, bytes, maxTotalBytes, maxDepth, maxElements);
    }

    public ReadOptions withMaxTotalBytes(long bytes) {
        return new ReadOptions(stopBefore, longestKeptBytes, maxValueBytes, bytes, maxDepth, maxElements);
    }

    public ReadOptions withMaxDepth(int depth) {
        return new ReadOptions(stopBefore, longestKeptBytes, maxValueBytes, maxTotalBytes, depth, maxElements);
    }

    public ReadOptions withMaxElements(int elements) {
        return new ReadOptions(stopBefore, longestKeptBytes, maxValueBytes, maxTotalBytes, maxDepth, elements);
    }
}
