package walnut.store;

import org.jspecify.annotations.Nullable;

/**
 * In which order the syncs of an object are best done, by what was quickest lately on this disk and this machine. Now and
 * then another order is taken, so that a disk or a load that changes is noticed.
 */
final class SyncPace {
    /** What waits for what. The fewer wait, the shorter the way and the more hand-overs between threads. */
    enum Order {
        /** The file, its directory, the row: the sum of three syncs on one thread. */
        IN_TURN,
        /** The row beside the file and its directory, which a file system often syncs together. */
        ROW_BESIDE,
        /** All three side by side. */
        SIDE_BY_SIDE
    }

    private static final int OTHER_ORDER_EVERY = 48;

    /** One object counts for this part of a mean. */
    private static final double WEIGHT = 1.0 / 8;

    /** More than this many means is a stall. */
    private static final double STALL = 4;

    private final @Nullable Order always;
    private final double[] meanNanos = new double[Order.values().length];
    private long objects;

    private SyncPace(@Nullable Order always) {
        this.always = always;
    }

    static SyncPace measured() {
        return new SyncPace(null);
    }

    static SyncPace always(Order order) {
        return new SyncPace(order);
    }

    synchronized Order next() {
        if (always != null) {
            return always;
        }
        objects++;
        Order[] orders = Order.values();
        int quickest = 0;
        for (int order = 0; order < orders.length; order++) {
            // One without a mean was never taken: it is taken now.
            if (meanNanos[order] < meanNanos[quickest]) {
                quickest = order;
            }
        }
        if (objects % OTHER_ORDER_EVERY != 0) {
            return orders[quickest];
        }
        long turn = objects / OTHER_ORDER_EVERY % (orders.length - 1);
        return orders[(quickest + 1 + (int) turn) % orders.length];
    }

    synchronized void took(Order order, long nanos) {
        double mean = meanNanos[order.ordinal()];
        // A stall (a journal commit, another program) says little about the next object.
        meanNanos[order.ordinal()] = mean == 0 ? nanos : mean + WEIGHT * (Math.min(nanos, STALL * mean) - mean);
    }
}
