package walnut.server.labels;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import walnut.models.passport.Passport;
import walnut.monitoring.accuracy.Confusion;
import walnut.monitoring.accuracy.DeLong;
import walnut.monitoring.agreement.IntraclassCorrelation;
import walnut.monitoring.agreement.Repeatability;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Measurements;
import walnut.monitoring.statistic.Proportion;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;
import walnut.server.api.LabelKind;
import walnut.server.api.ModelFigures;
import walnut.server.api.MonitoringQueries;
import walnut.server.api.ReportedStatistic;
import walnut.server.api.Review;
import walnut.server.database.CaseTable;
import walnut.server.database.LabelTable;
import walnut.server.database.PredictionTable;
import walnut.server.database.ReplayTable;
import walnut.server.database.StoredLabel;
import walnut.server.database.StoredPrediction;
import walnut.server.reviews.ReaderAgreement;
import walnut.server.reviews.ReviewStore;

/**
 * How a model does on the cases of this site, among those whose truth is known. Who is biopsied is no random choice, so
 * every figure stands beside the fraction that was verified; below {@value #FEWEST_OF_EACH} cases with significant cancer
 * sensitivity, below as many without it specificity, and below either AUROC is undefined rather than a number nobody
 * should read.
 *
 * <p>A man who was scanned twice counts once here; how far his two scores lie apart is a figure of its own
 * ({@link RescanPairs}), and so is what replays found. Perturbation is measured nowhere on live cases.
 *
 * <p>Truth of a case: a prostatectomy overrides, else the highest grade of all its labels (design §5.14); ISUP 2 and
 * above is clinically significant. A reader's opinion verifies nothing.
 */
public final class LiveFigures implements MonitoringQueries {
    private static final double LEVEL = 0.95;
    private static final int FEWEST_OF_EACH = 10;

    private final CaseTable cases;
    private final PredictionTable predictions;
    private final LabelTable labels;
    private final ReplayTable replays;
    private final ReviewStore reviews;
    private final Passport passport;
    private final Clock clock;

    public LiveFigures(
            CaseTable cases,
            PredictionTable predictions,
            LabelTable labels,
            ReplayTable replays,
            ReviewStore reviews,
            Passport passport,
            Clock clock) {
        this.cases = cases;
        this.predictions = predictions;
        this.labels = labels;
        this.replays = replays;
        this.reviews = reviews;
        this.passport = passport;
        this.clock = clock;
    }

    @Override
    public Optional<ModelFigures> figures(String modelId) {
        if (!modelId.equals(passport.id())) {
            return Optional.empty();
        }
        List<StoredPrediction> standing = predictions.standingOf(modelId);
        List<StoredLabel> verifying = labels.verifying();
        RescanPairs rescans = RescanPairs.among(standing, cases.predictedBy(modelId), verifying);
        Set<String> secondLooks = rescans.secondLooks();
        List<StoredPrediction> onceEach = standing.stream()
                .filter(prediction -> !secondLooks.contains(prediction.caseId()))
                .toList();
        long completed = count(standing, "COMPLETED");
        LabelledScores verified = verified(onceEach, verifying);
        return Optional.of(new ModelFigures(
                modelId,
                passport.version(),
                clock.instant(),
                completed,
                count(standing, "NOT_ELIGIBLE"),
                count(standing, "FAILED"),
                verified.n(),
                verified.positives(),
                reported(new Proportion(verified.n(), count(onceEach, "COMPLETED")).statistic(LEVEL)),
                reported(auroc(verified)),
                passport.operatingPoints().stream()
                        .map(point -> atOperatingPoint(point, verified, onceEach))
                        .toList(),
                replayed(modelId),
                rescanned(rescans),
                readers(onceEach)));
    }

    private ModelFigures.Replays replayed(String modelId) {
        Map<String, Long> byVerdict = replays.countByVerdict(modelId);
        return new ModelFigures.Replays(
                byVerdict.getOrDefault("BITWISE", 0L),
                byVerdict.getOrDefault("WITHIN_TOLERANCE", 0L),
                byVerdict.getOrDefault("DIFFERENT", 0L));
    }

    private ModelFigures.Rescans rescanned(RescanPairs rescans) {
        Measurements scores = rescans.scores();
        int pairs = rescans.pairs().size();
        boolean enough = pairs >= FEWEST_OF_EACH;
        Repeatability repeatability = Repeatability.of(scores, LEVEL);
        return new ModelFigures.Rescans(
                pairs,
                reported(enough ? repeatability.withinSubjectSd() : tooFew(pairs)),
                reported(enough ? repeatability.repeatabilityCoefficient() : tooFew(pairs)),
                reported(enough ? absoluteAgreement(scores) : tooFew(pairs)),
                passport.operatingPoints().stream()
                        .map(point -> new ModelFigures.Flips(
                                point.name(),
                                point.threshold(),
                                reported(new Proportion(rescans.flipsAt(point.threshold()), pairs).statistic(LEVEL))))
                        .toList());
    }

    private static Statistic tooFew(long n) {
        return Statistic.undefined(Reason.TOO_FEW, n);
    }

    /** ICC(2,1): two-way random, absolute agreement. */
    private static Statistic absoluteAgreement(Measurements scores) {
        Answer<IntraclassCorrelation> answer = IntraclassCorrelation.of(scores, LEVEL);
        if (answer instanceof Answer.Given<IntraclassCorrelation> given) {
            IntraclassCorrelation.Form form = given.content().twoWayRandom();
            return form.value().value().isPresent()
                    ? Statistic.of(form.value().value().getAsDouble(), scores.subjects(), given(form.interval()))
                    : form.value();
        }
        return Statistic.undefined(((Answer.Refused<IntraclassCorrelation>) answer).because(), scores.subjects());
    }

    private ModelFigures.Readers readers(List<StoredPrediction> standing) {
        Map<String, List<Review>> byPrediction =
                reviews.ofModel(passport.id()).stream().collect(Collectors.groupingBy(Review::predictionId));
        List<ReaderAgreement.Reviewed> reviewed = standing.stream()
                .filter(prediction -> byPrediction.containsKey(prediction.predictionId()))
                .map(prediction -> new ReaderAgreement.Reviewed(
                        positive(prediction), byPrediction.getOrDefault(prediction.predictionId(), List.of())))
                .toList();
        ReaderAgreement agreement = ReaderAgreement.of(reviewed, LEVEL);
        return new ModelFigures.Readers(
                agreement.reviewed(),
                agreement.accepted(),
                agreement.corrected(),
                agreement.rejected(),
                reported(agreement.acceptedShare()),
                reported(agreement.modelAgreement()),
                reported(agreement.modelKappa()),
                reported(agreement.readersAgreement()),
                reported(agreement.readersKappa()));
    }

    /** At or above the first operating point; null where there is no score or no point. */
    private @Nullable Boolean positive(StoredPrediction prediction) {
        Double score = prediction.caseScore();
        return score == null || passport.operatingPoints().isEmpty()
                ? null
                : Boolean.valueOf(score >= passport.operatingPoints().get(0).threshold());
    }

    private static long count(List<StoredPrediction> standing, String outcome) {
        return standing.stream()
                .filter(prediction -> prediction.outcome().equals(outcome))
                .count();
    }

    private static LabelledScores verified(List<StoredPrediction> onceEach, List<StoredLabel> verifying) {
        Map<String, List<StoredLabel>> byCase = new HashMap<>();
        for (StoredLabel label : verifying) {
            String caseId = label.caseId();
            if (caseId != null) {
                byCase.computeIfAbsent(caseId, id -> new ArrayList<>()).add(label);
            }
        }
        List<Boolean> truths = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        for (StoredPrediction prediction : onceEach) {
            Double score = prediction.caseScore();
            Optional<Boolean> truth = truth(byCase.getOrDefault(prediction.caseId(), List.of()));
            if (score != null && truth.isPresent()) {
                truths.add(truth.orElseThrow());
                scores.add(score);
            }
        }
        int[] labelArray = truths.stream().mapToInt(truth -> truth ? 1 : 0).toArray();
        double[] scoreArray = scores.stream().mapToDouble(Double::doubleValue).toArray();
        return LabelledScores.of(labelArray, scoreArray);
    }

    private static Optional<Boolean> truth(List<StoredLabel> ofCase) {
        List<StoredLabel> histology = ofCase.stream()
                .filter(label -> !label.kind().equals(LabelKind.READER.name()))
                .toList();
        List<StoredLabel> prostatectomy = histology.stream()
                .filter(label -> label.kind().equals(LabelKind.PROSTATECTOMY.name()))
                .toList();
        List<StoredLabel> deciding = prostatectomy.isEmpty() ? histology : prostatectomy;
        return deciding.stream()
                .map(StoredLabel::clinicallySignificant)
                .filter(known -> known != null)
                .reduce((a, b) -> a || b);
    }

    private static Statistic auroc(LabelledScores verified) {
        if (verified.positives() < FEWEST_OF_EACH || verified.negatives() < FEWEST_OF_EACH) {
            return tooFew(verified.n());
        }
        DeLong deLong = DeLong.of(verified, LEVEL);
        return deLong.auroc().value().isPresent()
                ? Statistic.of(deLong.auroc().value().getAsDouble(), verified.n(), given(deLong.wald()))
                : deLong.auroc();
    }

    private static Optional<Interval> given(Answer<Interval> answer) {
        return answer instanceof Answer.Given<Interval> given ? Optional.of(given.content()) : Optional.empty();
    }

    private static ModelFigures.AtOperatingPoint atOperatingPoint(
            Passport.OperatingPoint point, LabelledScores verified, List<StoredPrediction> onceEach) {
        List<Double> scores = new ArrayList<>();
        onceEach.forEach(prediction -> {
            Double score = prediction.caseScore();
            if (score != null) {
                scores.add(score);
            }
        });
        long flagged =
                scores.stream().filter(score -> score >= point.threshold()).count();
        Answer<Confusion> confusion = Confusion.at(point.threshold(), verified);
        return new ModelFigures.AtOperatingPoint(
                point.name(),
                point.threshold(),
                reported(rate(confusion, verified, true)),
                reported(rate(confusion, verified, false)),
                reported(new Proportion(flagged, scores.size()).statistic(LEVEL)));
    }

    private static Statistic rate(Answer<Confusion> confusion, LabelledScores verified, boolean sensitivity) {
        int deciding = sensitivity ? verified.positives() : verified.negatives();
        if (deciding < FEWEST_OF_EACH) {
            return tooFew(deciding);
        }
        if (confusion instanceof Answer.Given<Confusion> given) {
            Confusion counts = given.content();
            return (sensitivity ? counts.sensitivity() : counts.specificity()).statistic(LEVEL);
        }
        Answer.Refused<Confusion> refused = (Answer.Refused<Confusion>) confusion;
        return Statistic.undefined(refused.because(), verified.n());
    }

    private static ReportedStatistic reported(Statistic statistic) {
        if (statistic.value().isPresent()) {
            return ReportedStatistic.defined(
                    statistic.value().getAsDouble(), statistic.n(), reported(statistic.interval()));
        }
        return ReportedStatistic.undefined(
                statistic.n(), statistic.reason().map(Enum::name).orElse("UNDEFINED"));
    }

    private static ReportedStatistic.@Nullable Interval reported(Optional<Interval> interval) {
        return interval.map(bounds -> new ReportedStatistic.Interval(
                        bounds.lower(),
                        bounds.upper(),
                        bounds.level(),
                        bounds.method().name()))
                .orElse(null);
    }
}
