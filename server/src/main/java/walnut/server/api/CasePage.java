package walnut.server.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cases, newest first.
 *
 * @param next what to send as {@code before} for the next page; null on the last
 */
public record CasePage(List<CaseSummary> cases, @Nullable String next) {
    public CasePage {
        cases = List.copyOf(cases);
    }
}
