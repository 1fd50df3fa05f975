package walnut.prostate.series;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which series of a study feed a model, or why they cannot.
 *
 * @param chosen by channel; a channel that could not be filled is absent and has its reason
 * @param reasons empty exactly when every channel asked for was filled
 * @param warnings for example AMBIGUOUS_T2W; they do not stop the case
 */
public record Selection(Map<Channel, SelectedSeries> chosen, List<Reason> reasons, List<Warning> warnings) {

    public Selection {
        chosen = Map.copyOf(chosen);
        reasons = List.copyOf(reasons);
        warnings = List.copyOf(warnings);
    }

    public boolean complete() {
        return reasons.isEmpty();
    }

    public Optional<SelectedSeries> of(Channel channel) {
        return Optional.ofNullable(chosen.get(channel));
    }
}
