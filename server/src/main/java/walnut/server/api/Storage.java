package walnut.server.api;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The disk, how it fills, and what retention takes away. Methods may block. */
public interface Storage {

    Report report();

    /**
     * Removes the images that retention says, oldest study first; never labels, predictions or the ledger.
     *
     * @param dryRun only says what would go
     */
    Sweep sweep(boolean dryRun);

    /**
     * @param reserveBytes while less than this is free, images are refused for now (A700H) and cases may have to wait
     * @param imageBytes of received images, which is what retention may remove
     * @param received bytes that came on each of the last days, whole days only, oldest first, in UTC
     */
    record Report(
            long totalBytes,
            long freeBytes,
            long reserveBytes,
            long imageBytes,
            long images,
            List<Day> received,
            Forecast forecast,
            Retention retention) {
        public boolean isFull() {
            return freeBytes < reserveBytes;
        }
    }

    record Day(LocalDate day, long bytes) {}

    /**
     * When the disk is full if images keep coming as they did and nothing is removed.
     *
     * @param fullOn null where that is undefined, with the reason
     * @param reason TOO_LITTLE_DATA or NO_GROWTH; null where the day is given
     * @param bytesPerDay the mean it is made from; null where undefined
     * @param days how many whole days went into it
     */
    record Forecast(
            @Nullable LocalDate fullOn,
            @Nullable String reason,
            @Nullable Double bytesPerDay,
            int days) {}

    /**
     * The rule; both null where nothing is ever removed.
     *
     * @param suspended why nothing is removed by the hour now, and what to do; null where the rule is followed
     */
    record Retention(
            @Nullable Integer ageDays,
            @Nullable Integer diskPercent,
            @Nullable String suspended) {}

    /** @param cases whose images went, or would go, oldest first */
    record Sweep(boolean dryRun, int studies, long images, long bytes, List<String> cases) {}
}
