package walnut.prostate.series;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import walnut.failure.FailureCode;
import walnut.volume.Lps;
import walnut.volume.VolumeGeometry;

/**
 * Chooses the series that feed a model. Every choice says what it read, and every series that could have been chosen says
 * why it was not; paths, file order and the number of slices decide nothing.
 */
public final class SeriesSelector {
    /** Highest b-value whose decay is still taken as mono-exponential when we compute a high-b image. */
    private static final double HIGHEST_SOURCE_B = 1000;

    /** From here on perfusion no longer counts; b = 0 serves only where nothing better is there. */
    private static final double LOWEST_PERFUSION_FREE_B = 50;

    /** Extrapolating to a high b needs at least this much diffusion weighting. */
    private static final double LEAST_HIGHEST_SOURCE_B = 400;

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
        List<Problem> conflicts = study.problems().stream()
                .filter(problem -> problem.code() == FailureCode.PATIENT_CONFLICT)
                .toList();
        if (!conflicts.isEmpty()) {
            List<Reason> reasons = conflicts.stream()
                    .map(conflict -> ReasonTable.reason(conflict.code().name(), conflict.detail()))
                    .toList();
            return new Selection(Map.of(), reasons, List.of());
        }
        return new Choice(study).run();
    }

    /** The choosing in one study. */
    private final class Choice {
        private final Study study;
        private final Map<Channel, SelectedSeries> chosen = new EnumMap<>(Channel.class);
        private final Set<Reason> reasons = new LinkedHashSet<>();
        private final List<Warning> warnings = new ArrayList<>();

        Choice(Study study) {
            this.study = study;
        }

        Selection run() {
            // T2W first: the others must share its frame of reference.
            if (channels.contains(Channel.T2W)) {
                chooseT2w();
            }
            if (channels.contains(Channel.ADC)) {
                chooseAdc();
            }
            if (channels.contains(Channel.HBV)) {
                chooseHighB();
            }
            return new Selection(chosen, List.copyOf(reasons), warnings);
        }

        private void chooseT2w() {
            Contest contest = new Contest(candidates(SeriesRole.T2W, SeriesRole.T2W_3D, SeriesRole.T2W_LARGE_FOV));
            contest.refuse(candidate -> candidate.series().role() == SeriesRole.T2W_3D && !policy.acceptT2w3d()
                    ? Optional.of("the model does not take three-dimensional T2W")
                    : Optional.empty());
            List<Preference> preferences = List.of(
                    new Preference(
                            "field of view",
                            SeriesSelector::fieldRank,
                            candidate -> candidate.series().role().name()),
                    new Preference(
                            "fat suppression",
                            candidate -> candidate.isFatSuppressed() ? 1 : 0,
                            candidate -> candidate.isFatSuppressed() ? "fat suppressed" : "not fat suppressed"),
                    new Preference("spacing the model asks for", this::spacingMisfit, SeriesSelector::spacingWords),
                    new Preference(
                            "covers the diffusion images",
                            this::uncoveredShare,
                            candidate -> String.format(Locale.ROOT, "%.0f %%", 100 * (1 - uncoveredShare(candidate)))));
            Optional<Candidate> winner = contest.winner(preferences, Warning.Code.AMBIGUOUS_T2W);
            winner.ifPresentOrElse(
                    best -> {
                        choose(Channel.T2W, best, List.of(best.volume()), Optional.empty(), contest);
                        warnings.addAll(contest.twins(best));
                        if (best.series().role() == SeriesRole.T2W_LARGE_FOV) {
                            warnings.add(new Warning(
                                    Warning.Code.LARGE_FIELD_T2W,
                                    best.name() + " images the whole pelvis; there is no T2W of the prostate"));
                        }
                    },
                    () -> missing("EXPECTED_T2W_MISSING", "no axial T2-weighted spin echo can be used", contest));
        }

        private void chooseAdc() {
            Contest contest = new Contest(candidates(SeriesRole.ADC));
            contest.refuse(this::elsewhere);
            contest.winner(List.of(overlapPreference()), Warning.Code.AMBIGUOUS_ADC)
                    .ifPresentOrElse(
                            best -> choose(Channel.ADC, best, List.of(best.volume()), Optional.empty(), contest),
                            () -> missing("EXPECTED_ADC_MISSING", "no axial ADC map can be used", contest));
        }

        private void chooseHighB() {
            List<Candidate> traces = candidates(SeriesRole.HBV, SeriesRole.DWI).stream()
                    .filter(candidate ->
                            candidate.isTrace() && candidate.bValue().isPresent())
                    .toList();
            Contest contest = new Contest(traces.stream()
                    .filter(trace -> trace.b() >= policy.minimumHighB())
                    .toList());
            contest.refuse(this::elsewhere);
            List<Preference> preferences = List.of(
                    new Preference("b-value and its source", this::highBRank, SeriesSelector::highBWords),
                    new Preference(
                            "nearness to the b-value asked for",
                            this::distanceFromPreferredB,
                            candidate -> String.format(Locale.ROOT, "b %.0f", candidate.b())),
                    overlapPreference());
            Optional<Candidate> winner = contest.winner(preferences, Warning.Code.AMBIGUOUS_HBV);
            if (winner.isPresent()) {
                Candidate best = winner.get();
                HighBSource source = best.computedByScanner() ? HighBSource.SCANNER_COMPUTED : HighBSource.ACQUIRED;
                choose(Channel.HBV, best, List.of(best.volume()), Optional.of(source), contest);
            } else if (!computeHighB(traces, contest)) {
                String found = traces.stream()
                        .map(trace -> String.format(Locale.ROOT, "%.0f", trace.b()))
                        .distinct()
                        .collect(Collectors.joining(", "));
                missing(
                        "EXPECTED_B_VALUE_MISSING",
                        String.format(
                                        Locale.ROOT,
                                        "no usable axial trace at b %.0f s/mm2 or more",
                                        policy.minimumHighB())
                                + (found.isEmpty() ? ", and no trace at all" : "; traces found at b " + found),
                        contest);
            }
        }

        /** Takes the traces from which the high-b image can be extrapolated; false when there are not enough. */
        private boolean computeHighB(List<Candidate> traces, Contest contest) {
            if (policy.computeHighBAt().isEmpty()) {
                return false;
            }
            Map<VolumeGeometry, TreeMap<Double, Candidate>> byGrid = new LinkedHashMap<>();
            for (Candidate trace : traces) {
                if (trace.b() <= HIGHEST_SOURCE_B
                        && !trace.computedByScanner()
                        && trace.unusable().isEmpty()
                        && contest.isAxial(trace)
                        && elsewhere(trace).isEmpty()) {
                    byGrid.computeIfAbsent(trace.geometry(), unused -> new TreeMap<>())
                            .put(trace.b(), trace);
                }
            }
            Optional<List<Candidate>> sources = byGrid.values().stream()
                    .map(byB -> sources(byB.values()))
                    .filter(list ->
                            list.size() >= 2 && list.get(list.size() - 1).b() >= LEAST_HIGHEST_SOURCE_B)
                    .max(Comparator.comparingInt(List::size));
            sources.ifPresent(list -> {
                double b = policy.computeHighBAt().getAsDouble();
                String from = list.stream().map(Candidate::name).collect(Collectors.joining("; "));
                List<Evidence> evidence = new ArrayList<>();
                evidence.add(new Evidence(
                        "selected.computed",
                        String.format(Locale.ROOT, "no high-b image in the study; computed at b %.0f from ", b)
                                + from));
                evidence.addAll(contest.losers());
                Candidate highest = list.get(list.size() - 1);
                chosen.put(
                        Channel.HBV,
                        new SelectedSeries(
                                Channel.HBV,
                                highest.series(),
                                list.stream().map(Candidate::volume).toList(),
                                OptionalDouble.of(b),
                                Optional.of(HighBSource.COMPUTED),
                                evidence));
                warnUnusable(contest, highest);
            });
            return sources.isPresent();
        }

        private List<Candidate> sources(Collection<Candidate> ascendingB) {
            List<Candidate> perfusionFree = ascendingB.stream()
                    .filter(candidate -> candidate.b() >= LOWEST_PERFUSION_FREE_B)
                    .toList();
            return perfusionFree.size() >= 2 ? perfusionFree : List.copyOf(ascendingB);
        }

        private void choose(
                Channel channel,
                Candidate best,
                List<SeriesVolume> volumes,
                Optional<HighBSource> source,
                Contest contest) {
            List<Evidence> evidence = new ArrayList<>(best.series().evidence());
            evidence.add(new Evidence("selected", best.name() + contest.winnerWords()));
            evidence.addAll(contest.losers());
            OptionalDouble bValue = source.isPresent() ? best.bValue() : OptionalDouble.empty();
            chosen.put(channel, new SelectedSeries(channel, best.series(), volumes, bValue, source, evidence));
            warnUnusable(contest, best);
        }

        private void warnUnusable(Contest contest, Candidate best) {
            warnings.addAll(contest.warnings());
            for (Candidate broken : contest.unusable()) {
                warnings.add(new Warning(
                        Warning.Code.BETTER_SERIES_UNUSABLE,
                        broken.name() + " could not be used ("
                                + broken.unusable().orElse("") + "), " + best.name() + " was"));
            }
        }

        private void missing(String reason, String what, Contest contest) {
            String losers = contest.losers().stream().map(Evidence::read).collect(Collectors.joining("; "));
            reasons.add(ReasonTable.reason(reason, losers.isEmpty() ? what : what + ": " + losers));
            for (Candidate broken : contest.unusable()) {
                for (Problem problem : broken.problems()) {
                    if (ReasonTable.names().contains(problem.code().name())) {
                        reasons.add(ReasonTable.reason(problem.code().name(), broken.name() + ": " + problem.detail()));
                    }
                }
            }
        }

        private List<Candidate> candidates(SeriesRole... roles) {
            Set<SeriesRole> wanted = Set.of(roles);
            return study.series().stream()
                    .filter(series -> wanted.contains(series.role()))
                    .flatMap(series -> series.volumes().stream().map(volume -> new Candidate(series, volume)))
                    .toList();
        }

        /** Whether a series lies in another frame of reference than the T2W. */
        private Optional<String> elsewhere(Candidate candidate) {
            SelectedSeries t2w = chosen.get(Channel.T2W);
            String own = candidate.series().frameOfReferenceUid();
            boolean other = t2w != null
                    && !own.isEmpty()
                    && !t2w.series().frameOfReferenceUid().isEmpty()
                    && !own.equals(t2w.series().frameOfReferenceUid());
            return other ? Optional.of("another FrameOfReferenceUID than the T2W") : Optional.empty();
        }

        private double spacingMisfit(Candidate candidate) {
            VolumeGeometry geometry = candidate.geometry();
            return misfit(policy.t2wInPlaneSpacingMm(), geometry.spacingJ())
                    + misfit(policy.t2wSliceSpacingMm(), geometry.spacingK());
        }

        /** Share of the diffusion images' extent along the normal that a T2W leaves out, in tenths. */
        private double uncoveredShare(Candidate t2w) {
            return candidates(SeriesRole.ADC, SeriesRole.DWI, SeriesRole.HBV).stream()
                    .filter(other -> other.volume().geometry().isPresent()
                            && other.series().plane().equals(t2w.series().plane())
                            && other.series()
                                    .frameOfReferenceUid()
                                    .equals(t2w.series().frameOfReferenceUid()))
                    .mapToDouble(other -> unreachedShare(other.geometry(), t2w.geometry()))
                    .max()
                    .orElse(0);
        }

        private Preference overlapPreference() {
            return new Preference(
                    "covers the T2W",
                    this::uncoveredT2w,
                    candidate -> String.format(Locale.ROOT, "%.0f %%", 100 * (1 - uncoveredT2w(candidate))));
        }

        private double uncoveredT2w(Candidate candidate) {
            SelectedSeries t2w = chosen.get(Channel.T2W);
            return t2w == null
                    ? 0
                    : unreachedShare(t2w.volumes().get(0).geometry().orElseThrow(), candidate.geometry());
        }

        private double highBRank(Candidate candidate) {
            boolean preferred = candidate.b() >= policy.preferredHighB();
            return (preferred ? 0 : 2) + (candidate.computedByScanner() ? 1 : 0);
        }

        private double distanceFromPreferredB(Candidate candidate) {
            return Math.abs(candidate.b() - policy.preferredHighB());
        }
    }

    /** Candidates for one channel, the refusals among them, and the winner. */
    private static final class Contest {
        private final List<Candidate> running = new ArrayList<>();
        private final List<Candidate> unusable = new ArrayList<>();
        private final List<Evidence> losers = new ArrayList<>();

        /** Those that could have been taken and were not, with the reason. */
        private final Map<Candidate, String> passedOver = new LinkedHashMap<>();

        private String winnerWords = "";
        private final List<Warning> warnings = new ArrayList<>();

        Contest(List<Candidate> candidates) {
            for (Candidate candidate : candidates) {
                Optional<String> broken = candidate.unusable();
                if (!isAxial(candidate)) {
                    lose(candidate, "not axial");
                } else if (broken.isPresent()) {
                    unusable.add(candidate);
                    lose(candidate, broken.get());
                } else {
                    running.add(candidate);
                }
            }
        }

        boolean isAxial(Candidate candidate) {
            return candidate.series().plane().equals(Optional.of(Plane.AXIAL));
        }

        void refuse(Function<Candidate, Optional<String>> rule) {
            running.removeIf(candidate -> {
                Optional<String> reason = rule.apply(candidate);
                reason.ifPresent(why -> passOver(candidate, why));
                return reason.isPresent();
            });
        }

        Optional<Candidate> winner(List<Preference> preferences, Warning.Code ambiguous) {
            if (running.isEmpty()) {
                return Optional.empty();
            }
            List<Candidate> ranked =
                    running.stream().sorted(Preference.order(preferences)).toList();
            Candidate best = ranked.get(0);
            winnerWords = ranked.size() == 1
                    ? " is the only one that fits"
                    : " goes before " + (ranked.size() - 1) + (ranked.size() == 2 ? " other" : " others");
            for (Candidate loser : ranked.subList(1, ranked.size())) {
                Optional<String> why = Preference.whyLost(loser, best, preferences);
                if (why.isPresent()) {
                    passOver(loser, why.get());
                } else {
                    lose(loser, "an equal repeat, acquired earlier");
                    warnings.add(new Warning(
                            ambiguous, loser.name() + " fits as well as " + best.name() + "; the later one was taken"));
                }
            }
            return Optional.of(best);
        }

        private void passOver(Candidate candidate, String why) {
            passedOver.put(candidate, why);
            lose(candidate, why);
        }

        /** One warning for each T2W beside the best: who reads the result may know better which one to believe. */
        List<Warning> twins(Candidate best) {
            return passedOver.entrySet().stream()
                    .map(twin -> new Warning(
                            Warning.Code.T2W_TWIN_NOT_USED,
                            twin.getKey().name() + " was not used, " + best.name() + " was: " + twin.getValue()))
                    .toList();
        }

        private void lose(Candidate candidate, String why) {
            losers.add(new Evidence("lost", candidate.name() + ": " + why));
        }

        List<Evidence> losers() {
            return losers;
        }

        List<Candidate> unusable() {
            return unusable;
        }

        List<Warning> warnings() {
            return warnings;
        }

        String winnerWords() {
            return winnerWords;
        }
    }

    /** Small field of view before three-dimensional before the whole pelvis. */
    private static double fieldRank(Candidate candidate) {
        return switch (candidate.series().role()) {
            case T2W -> 0;
            case T2W_3D -> 1;
            default -> 2;
        };
    }

    private static double misfit(OptionalDouble asked, double spacing) {
        // In tenths of the spacing asked for: differences below that are none.
        return asked.isEmpty() ? 0 : Math.rint(10 * Math.abs(spacing - asked.getAsDouble()) / asked.getAsDouble());
    }

    private static String spacingWords(Candidate candidate) {
        VolumeGeometry geometry = candidate.geometry();
        return String.format(
                Locale.ROOT, "%.3g x %.3g x %.3g mm", geometry.spacingI(), geometry.spacingJ(), geometry.spacingK());
    }

    private static String highBWords(Candidate candidate) {
        return String.format(
                Locale.ROOT,
                "b %.0f %s",
                candidate.b(),
                candidate.computedByScanner() ? "computed by the scanner" : "acquired");
    }

    /** Share (0–1, in tenths) of one volume's extent along its normal that another volume does not reach. */
    private static double unreachedShare(VolumeGeometry wanted, VolumeGeometry other) {
        Lps normal = wanted.directionK();
        double[] whole = extent(wanted, normal);
        double[] covered = extent(other, normal);
        double overlap = Math.max(0, Math.min(whole[1], covered[1]) - Math.max(whole[0], covered[0]));
        return Math.rint(10 * (1 - overlap / (whole[1] - whole[0]))) / 10;
    }

    /** From the lower face of the first slice to the upper face of the last, along a direction, mm. */
    private static double[] extent(VolumeGeometry geometry, Lps direction) {
        double i = (geometry.columns() - 1) / 2.0;
        double j = (geometry.rows() - 1) / 2.0;
        double one = geometry.toPatient(i, j, -0.5).dot(direction);
        double two = geometry.toPatient(i, j, geometry.slices() - 0.5).dot(direction);
        return new double[] {Math.min(one, two), Math.max(one, two)};
    }
}
