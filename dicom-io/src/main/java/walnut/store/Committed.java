package walnut.store;

/**
 * The outcome of committing one instance.
 *
 * @param instance the row that now stands for what was received: for {@link Disposition#RESEND} the earlier one
 */
public record Committed(Disposition disposition, StoredInstance instance) {}
