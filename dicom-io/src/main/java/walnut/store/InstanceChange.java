package walnut.store;

/**
 * One entry of the index's own audit: what happened to a SOP Instance UID after its first content.
 *
 * @param datasetSha256 the content that came, or that an operator chose
 * @param earlierSha256 the content that it stands beside or replaces
 * @param actor AE title of the sender, or the operator's name
 * @param reason the operator's; zero-length for what came from a sender
 * @param recordedAt microseconds UTC: arrival of the content, or time of the choice
 */
public record InstanceChange(
        String sopInstanceUid,
        Kind kind,
        String datasetSha256,
        String earlierSha256,
        String actor,
        String reason,
        long recordedAt) {

    public enum Kind {
        /** A new header over the same pixels replaced the earlier one. */
        ATTRIBUTE_UPDATE,
        /** Other content came and stands beside the earlier one until an operator chooses. */
        CONFLICT,
        /** An operator chose this content over the earlier one. */
        CHOICE
    }
}
