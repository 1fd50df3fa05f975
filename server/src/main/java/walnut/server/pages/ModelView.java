package walnut.server.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walnut.server.api.Deployment;
import walnut.server.api.ModelDescription;
import walnut.server.api.ModelFigures;
import walnut.server.api.PredictionDocument;
import walnut.server.api.ReportedStatistic;
import walnut.server.api.ResultWording;

/** A model, ready to lay out: what its passport says, whether it still gives its known answer, how it does here. */
public record ModelView(
        String id,
        String version,
        String digest,
        String title,
        String banner,
        String intendedUse,
        String state,
        String stateName,
        @Nullable String stateAddress,
        String knownAnswer,
        String knownAnswerTone,
        @Nullable String knownAnswerAt,
        List<String> limitations,
        List<ModelDescription.Input> inputs,
        List<OperatingPointView> operatingPoints,
        List<ModelDescription.Fact> facts,
        List<Count> counts,
        List<Figure> figures,
        List<Figure> readers,
        @Nullable String figuresAsOf,
        @Nullable String figuresAbsence) {

    /** A model as other pages name it. */
    public record Reference(String id, String version, String digest, String shortDigest, String href) {}

    public record OperatingPointView(String name, String threshold, String meaning) {}

    public record Count(String name, long value) {}

    /** A figure with what it rests on; {@code defined} false where there is a reason instead of a value. */
    public record Figure(String name, String value, String footing, boolean defined) {}

    static Reference reference(PredictionDocument.Model model) {
        return new Reference(
                model.id(),
                ResultWording.orUnknown(model.version()),
                ResultWording.orUnknown(model.digest()),
                Words.shortDigest(model.digest()),
                Hrefs.model(model.id()));
    }

    /**
     * @param told whether figures are for whoever asks
     * @param mayChange whether whoever asks may change the model's state
     */
    static ModelView of(ModelDescription model, Optional<ModelFigures> figures, boolean told, boolean mayChange) {
        Deployment deployment = model.deployment();
        String knownAnswer = deployment.knownAnswer();
        return new ModelView(
                deployment.modelId(),
                deployment.modelVersion(),
                deployment.digest(),
                model.title(),
                ResultWording.banner(deployment.scoreKind()),
                model.intendedUse(),
                Words.deploymentState(deployment.state()),
                deployment.state(),
                mayChange ? Hrefs.deploymentState(deployment.modelId()) : null,
                Words.knownAnswer(knownAnswer),
                tone(knownAnswer),
                deployment.knownAnswerAt() == null ? null : Words.minute(deployment.knownAnswerAt()) + " UTC",
                model.limitations(),
                model.inputs(),
                model.operatingPoints().stream()
                        .map(point -> new OperatingPointView(
                                point.name(),
                                Words.score(point.threshold()),
                                point.meaning() == null ? "" : point.meaning()))
                        .toList(),
                model.facts(),
                figures.map(ModelView::counts).orElse(List.of()),
                figures.map(ModelView::figures).orElse(List.of()),
                figures.map(known -> readerFigures(known.readers())).orElse(List.of()),
                figures.map(known -> Words.minute(known.asOf()) + " UTC").orElse(null),
                told
                        ? "No figures yet: no case has been predicted with this model."
                        : "While the model is not in assist its figures are shown to ML engineers and auditors only.");
    }

    private static String tone(@Nullable String knownAnswer) {
        if (knownAnswer == null) {
            return "unknown";
        }
        return knownAnswer.equals("BROKEN") ? "fail" : "pass";
    }

    private static List<Count> counts(ModelFigures figures) {
        return List.of(
                new Count("Completed", figures.completed()),
                new Count("Refused", figures.notEligible()),
                new Count("Failed", figures.failed()),
                new Count("Verified", figures.verified()),
                new Count("Verified with csPCa", figures.verifiedPositive()),
                new Count("Men scanned twice", figures.rescans().pairs()),
                new Count("Replays, the same bits", figures.replays().bitwise()),
                new Count("Replays, within rounding", figures.replays().withinTolerance()),
                new Count("Replays, different", figures.replays().different()),
                new Count("Reviewed", figures.readers().reviewed()));
    }

    private static List<Figure> figures(ModelFigures figures) {
        List<Figure> views = new ArrayList<>();
        views.add(figure("AUROC among verified", figures.auroc()));
        for (ModelFigures.AtOperatingPoint point : figures.operatingPoints()) {
            String threshold = point.operatingPoint() + " (" + Words.score(point.threshold()) + ")";
            views.add(figure("Sensitivity among verified at " + threshold, point.sensitivity()));
            views.add(figure("Specificity among verified at " + threshold, point.specificity()));
            if (point.positiveFraction() != null) {
                views.add(figure("Share of cases at or above " + threshold, point.positiveFraction()));
            }
        }
        views.add(figure("Share of cases verified", figures.verifiedFraction()));
        ModelFigures.Rescans rescans = figures.rescans();
        views.add(figure("Men scanned twice: within-subject standard deviation", rescans.withinSubjectSd()));
        views.add(figure("Men scanned twice: repeatability coefficient", rescans.repeatabilityCoefficient()));
        views.add(figure("Men scanned twice: intraclass correlation (2,1)", rescans.intraclassCorrelation()));
        for (ModelFigures.Flips flips : rescans.flips()) {
            views.add(figure(
                    "Men scanned twice: on both sides of " + flips.operatingPoint() + " ("
                            + Words.score(flips.threshold()) + ")",
                    flips.fraction()));
        }
        return views;
    }

    private static List<Figure> readerFigures(ModelFigures.Readers readers) {
        return List.of(
                figure("Reviewed predictions accepted as they are", readers.acceptedShare()),
                figure("Model and reader agree (PI-RADS 3 and above)", readers.modelAgreement()),
                figure("Kappa of model and reader", readers.modelKappa()),
                figure("Two readers give the same PI-RADS category", readers.readersAgreement()),
                figure("Quadratically weighted kappa of two readers", readers.readersKappa()));
    }

    private static Figure figure(String name, ReportedStatistic statistic) {
        return new Figure(name, Words.statistic(statistic), Words.footing(statistic), statistic.defined());
    }
}
