package walnut.server.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the labels that were handed in. Good rows are kept whatever the bad ones are.
 *
 * @param accepted stored, {@code joined + orphaned}
 * @param joined of these, joined to a case
 * @param orphaned of these, without a case so far: kept, counted and tried again when studies arrive
 * @param duplicates already known and left as they are
 * @param rejected rows that could not be taken, each with its reason
 */
public record LabelReceipt(int accepted, int joined, int orphaned, int duplicates, List<Rejection> rejected) {
    static final LabelReceipt NOTHING = new LabelReceipt(0, 0, 0, 0, List.of());

    public LabelReceipt {
        rejected = List.copyOf(rejected);
    }

    /**
     * @param row from 1, a header not counted
     * @param line of the file, from 1, as an editor counts; null where there is no file
     * @param code a {@link walnut.failure.FailureCode} name
     * @param detail says what to mend
     */
    public record Rejection(int row, @Nullable Integer line, String code, String detail) {
        public Rejection(int row, String code, String detail) {
            this(row, null, code, detail);
        }

        Rejection onLine(@Nullable Integer found) {
            return new Rejection(row, found, code, detail);
        }
    }
}
