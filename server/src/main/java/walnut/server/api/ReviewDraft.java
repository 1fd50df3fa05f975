package walnut.server.api;

import java.time.Instant;
import java.util.Map;

/**
 * What a reader wrote and has not handed in yet. Kept on the node, not in the browser: it outlives a session and a
 * workstation, and no patient's text stays behind on one. Each reader sees only the own drafts.
 *
 * @param fields of the review form, by name
 */
public record ReviewDraft(String predictionId, String reviewer, Map<String, String> fields, Instant savedAt) {
    public ReviewDraft {
        fields = Map.copyOf(fields);
    }
}
