package walnut.server.labels;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walnut.models.passport.Passport;
import walnut.monitoring.accuracy.Confusion;
import walnut.monitoring.accuracy.DeLong;
import walnut.monitoring.statistic.Answer;
import walnut.monitoring.statistic.Interval;
import walnut.monitoring.statistic.LabelledScores;
import walnut.monitoring.statistic.Proportion;
import walnut.monitoring.statistic.Reason;
import walnut.monitoring.statistic.Statistic;
import walnut.server.api.LabelKind;
import walnut.server.api.ModelFigures;
import walnut.server.api.MonitoringQueries;
import walnut.server.api.ReportedStatistic;
import walnut.server.database.LabelTable;
import walnut.server.database.PredictionTable;
import walnut.server.database.StoredLabel;
import walnut.server.database.StoredPrediction;

/**
 * How a model does on the cases of this site, among those whose truth is known. Who is biopsied is no random choice, so
 * every figure stands beside the fraction that was verified; below {@value #FEWEST_OF_EACH} cases with and as many
 * without significant cancer, AUROC is undefined rather than a number nobody should read.
 *
 * <p>Truth of a case: a prostatectomy overrides, else the highest grade of all its labels (design §5.14); ISUP 2 and
 * above is clinically significant. A reader's opinion verifies nothing.
 */
public final class LiveFigures implements MonitoringQueries {
    private static final double LEVEL = 0.95;
    private static final int FEWEST_OF_EACH = 10;

    private final PredictionTable predictions;
    private final LabelTable labels;
    private final Passport passport;
    private final Clock clock;

    public LiveFigures(PredictionTable predictions, LabelTable labels, Passport passport, Clock clock) {
        this.predictions = predictions;
        this.labels = labels;
        this.passport = passport;
        this.clock = clock;
    }

    @Override
    public Optional<ModelFigures> figures(String modelId) {
        if (!modelId.equals(passport.id())) {
            return Optional.empty();
        }
        List<StoredPrediction> standing = predictions.standingOf(modelId);
        long completed = count(standing, "COMPLETED");
        LabelledScores verified = verified(standing);
        return Optional.of(new ModelFigures(
                modelId,
                passport.version(),
                clock.instant(),
                completed,
                count(standing, "NOT_ELIGIBLE"),
                count(standing, "FAILED"),
                verified.n(),
                verified.positives(),
                reported(new Proportion(verified.n(), completed).statistic(LEVEL)),
                reported(auroc(verified)),
                passport.operatingPoints().stream()
                        .map(point -> atOperatingPoint(point, verified, standing))
                        .toList()));
    }

    private static long count(List<StoredPrediction> standing, String outcome) {
        return standing.stream()
                .filter(prediction -> prediction.outcome().equals(outcome))
                .count();
    }

    private LabelledScores verified(List<StoredPrediction> standing) {
        Map<String, List<StoredLabel>> byCase = new HashMap<>();
        for (StoredLabel label : labels.verifying()) {
            String caseId = label.caseId();
            if (caseId != null) {
                byCase.computeIfAbsent(caseId, id -> new ArrayList<>()).add(label);
            }
        }
        List<Boolean> truths = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        for (StoredPrediction prediction : standing) {
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
            return Statistic.undefined(Reason.TOO_FEW, verified.n());
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
            Passport.OperatingPoint point, LabelledScores verified, List<StoredPrediction> standing) {
        List<Double> scores = new ArrayList<>();
        standing.forEach(prediction -> {
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
