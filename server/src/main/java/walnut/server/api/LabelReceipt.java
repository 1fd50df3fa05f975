package walnut.server.api;

import java.util.List;

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
    public LabelReceipt {
        rejected = List.copyOf(rejected);
    }

    /** {@code code} is a {@link walnut.failure.FailureCode} name; {@code detail} says what to mend. */
    public record Rejection(int row, String code, String detail) {}
}
