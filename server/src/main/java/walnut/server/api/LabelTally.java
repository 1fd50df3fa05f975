package walnut.server.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** Adds up what became of labels that were stored batch by batch. Of the rejected it remembers the first. */
final class LabelTally {
    /** A file with the wrong columns rejects every row; the first hundred say enough. */
    static final int MOST_REJECTIONS_TOLD = 100;

    private static final Comparator<LabelReceipt.Rejection> BY_ROW =
            Comparator.comparingInt(LabelReceipt.Rejection::row);

    private final List<LabelReceipt.Rejection> told = new ArrayList<>();
    private int accepted;
    private int joined;
    private int orphaned;
    private int duplicates;
    private int rejectedCount;

    /** What became of all of them; the first rejections in the order of their rows. */
    record Answer(
            int accepted,
            int joined,
            int orphaned,
            int duplicates,
            int rejectedCount,
            List<LabelReceipt.Rejection> rejected) {}

    void reject(LabelReceipt.Rejection rejection) {
        rejectedCount++;
        told.add(rejection);
        // A batch is judged after later rows were read: twice as many are kept as are told, so that order is found.
        if (told.size() >= 2 * MOST_REJECTIONS_TOLD) {
            told.sort(BY_ROW);
            told.subList(MOST_REJECTIONS_TOLD, told.size()).clear();
        }
    }

    /** @param lineOfRow on which line of a file a row stood; null where there are no lines */
    void add(LabelReceipt receipt, IntFunction<@Nullable Integer> lineOfRow) {
        accepted += receipt.accepted();
        joined += receipt.joined();
        orphaned += receipt.orphaned();
        duplicates += receipt.duplicates();
        receipt.rejected().forEach(rejection -> reject(rejection.onLine(lineOfRow.apply(rejection.row()))));
    }

    /** @throws WalnutException LABEL_INVALID where none could be taken */
    Answer answer() {
        told.sort(BY_ROW);
        if (accepted + duplicates == 0 && rejectedCount > 0) {
            LabelReceipt.Rejection first = told.get(0);
            throw new WalnutException(
                    FailureCode.LABEL_INVALID,
                    "none of " + rejectedCount + " labels could be taken; row " + first.row() + ": " + first.detail());
        }
        return new Answer(
                accepted,
                joined,
                orphaned,
                duplicates,
                rejectedCount,
                List.copyOf(told.subList(0, Math.min(told.size(), MOST_REJECTIONS_TOLD))));
    }
}
