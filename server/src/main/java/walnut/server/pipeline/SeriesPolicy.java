package walnut.server.pipeline;

import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import walnut.models.passport.Passport;
import walnut.prostate.series.Channel;
import walnut.prostate.series.SelectionPolicy;
import walnut.prostate.series.SeriesSelector;

/** What a passport asks of the series that feed its model, in the words of series selection. */
public final class SeriesPolicy {
    private SeriesPolicy() {}

    public static SelectionPolicy of(Passport passport) {
        Passport.T2w t2w = passport.series().t2w();
        Passport.HighB highB = passport.series().highB();
        Double computeAt = highB.computeAt();
        return new SelectionPolicy(
                OptionalDouble.of(t2w.inPlaneSpacingMm()),
                OptionalDouble.of(t2w.sliceSpacingMm()),
                t2w.accept3d(),
                highB.minimum(),
                highB.preferred(),
                computeAt == null ? OptionalDouble.empty() : OptionalDouble.of(computeAt));
    }

    /** Chooses a series for each of the passport's channels. */
    public static SeriesSelector selector(Passport passport) {
        return selector(
                passport,
                passport.channels().stream().map(Passport.Channel::name).collect(Collectors.toSet()));
    }

    /** Chooses by the passport's rules a series for each of these channels. */
    static SeriesSelector selector(Passport passport, Set<String> channelNames) {
        return new SeriesSelector(
                of(passport), channelNames.stream().map(Channel::valueOf).collect(Collectors.toUnmodifiableSet()));
    }
}
