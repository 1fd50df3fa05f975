package walnut.server.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Labels, newest first.
 *
 * @param next what to send as {@code before} for the next page; null on the last
 */
public record LabelPage(List<LabelRecord> labels, @Nullable String next) {
    public LabelPage {
        labels = List.copyOf(labels);
    }
}
