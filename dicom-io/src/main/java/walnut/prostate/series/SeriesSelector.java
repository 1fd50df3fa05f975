package walnut.prostate.series;

import java.util.Set;

/** Chooses the series that feed a model, by design §4 "Why this series". */
public final class SeriesSelector {
    private final SelectionPolicy policy;
    private final Set<Channel> channels;

    public SeriesSelector(SelectionPolicy policy, Set<Channel> channels) {
        this.policy = policy;
        this.channels = Set.copyOf(channels);
    }

    /** T2W, ADC and high b under the default policy. */
    public SeriesSelector() {
        this(SelectionPolicy.DEFAULT, Set.of(Channel.values()));
    }

    public Selection select(Study study) {
        throw new UnsupportedOperationException(policy + " " + channels + " for " + study);
    }
}
