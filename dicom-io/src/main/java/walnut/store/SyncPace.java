package walnut.store;

import org.jspecify.annotations.Nullable;

/**
 * Whether the three syncs of an object had better follow each other or run side by side, by what was quicker lately on
 * this disk and this machine: side by side costs hand-overs between threads, in turn costs the sum of the syncs. Now and
 * then the other way is taken, so that a disk or a load that changes is noticed.
 */
final class SyncPace {
    private static final int OTHER_WAY_EVERY = 64;

    /** One object counts for this part of a mean. */
    private static final double WEIGHT = 1.0 / 8;

    /** More than this many means is a stall. */
    private static final double STALL = 4;

    private final @Nullable Boolean always;
    private final double[] meanNanos = new double[2];
    private long objects;

    private SyncPace(@Nullable Boolean always) {
        this.always = always;
    }

    static SyncPace measured() {
        return new SyncPace(null);
    }

    static SyncPace alwaysSideBySide() {
        return new SyncPace(true);
    }

    static SyncPace alwaysInTurn() {
        return new SyncPace(false);
    }

    synchronized boolean sideBySide() {
        if (always != null) {
            return always;
        }
        objects++;
        // A way without a mean was never taken: it is taken now.
        boolean quicker = meanNanos[1] <= meanNanos[0];
        return (objects % OTHER_WAY_EVERY == 0) != quicker;
    }

    synchronized void took(boolean sideBySide, long nanos) {
        int way = sideBySide ? 1 : 0;
        double mean = meanNanos[way];
        // A stall (a journal commit, another program) says little about the next object.
        meanNanos[way] = mean == 0 ? nanos : mean + WEIGHT * (Math.min(nanos, STALL * mean) - mean);
    }
}
