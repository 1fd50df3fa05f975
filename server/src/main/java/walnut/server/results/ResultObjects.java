package walnut.server.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walnut.dicom.data.DataSet;
import walnut.dicom.object.CodedConcept;
import walnut.dicom.object.ImageReference;
import walnut.dicom.object.MeasurementReport;
import walnut.dicom.object.ResultContext;
import walnut.dicom.object.SecondaryCapture;
import walnut.server.api.PredictionDocument;
import walnut.server.api.ResultWording;
import walnut.volume.Lps;

/** The DICOM objects of a stored prediction, in the order in which they are sent: pages first, since every PACS shows them. */
public final class ResultObjects {
    /** By which our own objects are known again when an archive sends them back. */
    public static final String DEVICE_UID = "2.25.213796458203745981203948571029384756";

    private static final String OURS = "99WALNUT";
    private static final CodedConcept LEFT = new CodedConcept("7771000", "SCT", "Left");
    private static final CodedConcept RIGHT = new CodedConcept("24028007", "SCT", "Right");

    /** PS3.16 CID 6311. */
    private static final Map<String, CodedConcept> ROLES = Map.of(
            "T2W", new CodedConcept("110805", "DCM", "T2 Weighted MR Signal Intensity"),
            "ADC", new CodedConcept("113041", "DCM", "Apparent Diffusion Coefficient"),
            "HBV", new CodedConcept("130566", "DCM", "DWI highest b-value image"));

    private ResultObjects() {}

    public static List<DataSet> of(StoredResult result) {
        ResultContext context = context(result);
        String mark = mark(result.document().scoreKind());
        List<DataSet> objects = new ArrayList<>(SecondaryCapture.series(context, mark + " pages", pictures(result)));
        objects.add(report(result, mark + " report").dataSet(context));
        return objects;
    }

    /** What a viewer's series list says of our series; it must not be taken for a scan. */
    private static String mark(@Nullable String scoreKind) {
        return "SYNTHETIC".equals(scoreKind) ? "AI SYNTHETIC, not for diagnosis," : "AI research, not for diagnosis,";
    }

    private static ResultContext context(StoredResult result) {
        PredictionDocument.Model model = result.document().model();
        String walnut = String.valueOf(result.document().runtime().getOrDefault("walnut", "unknown"));
        List<String> versions = new ArrayList<>(List.of("walnut " + walnut));
        if (model != null) {
            versions.add(model.id() + " " + ResultWording.orUnknown(model.version()));
        }
        return new ResultContext(
                result.source(),
                result.predictionId(),
                result.createdAt(),
                result.zone(),
                new ResultContext.Device("Walnut", "Walnut", "walnut", DEVICE_UID, versions));
    }

    private static List<SecondaryCapture.Picture> pictures(StoredResult result) {
        ResultPages pages = new ResultPages(result);
        List<ImageReference> sources = result.images().getOrDefault("T2W", List.of());
        List<SecondaryCapture.Picture> pictures = new ArrayList<>();
        pages.summary().forEach(page -> pictures.add(picture(page, sources)));
        pages.keySlices().forEach(page -> pictures.add(picture(page, sources)));
        return pictures;
    }

    private static SecondaryCapture.Picture picture(ResultPages.Page page, List<ImageReference> sources) {
        return new SecondaryCapture.Picture(
                page.canvas().columns(), page.canvas().rows(), page.canvas().rgb(), page.what(), sources);
    }

    private static MeasurementReport report(StoredResult result, String description) {
        PredictionDocument document = result.document();
        return new MeasurementReport(
                description,
                ResultWording.banner(document.scoreKind()),
                summary(document),
                library(result),
                algorithm(document),
                score(document.scoreKind()),
                Optional.ofNullable(document.caseScore()),
                candidates(result),
                document.reasons().stream().map(ResultObjects::reason).toList());
    }

    private static String summary(PredictionDocument document) {
        return switch (document.outcome()) {
            case "COMPLETED" ->
                document.findings().isEmpty()
                        ? "No candidate. This does not rule out disease."
                        : document.findings().size() + " candidates.";
            case "NOT_ELIGIBLE" -> "Refused: no number was computed for this study.";
            default -> "Failed: no number was computed for this study.";
        };
    }

    private static List<MeasurementReport.LibraryGroup> library(StoredResult result) {
        return result.images().entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new MeasurementReport.LibraryGroup(
                        ROLES.getOrDefault(entry.getKey(), new CodedConcept(entry.getKey(), OURS, entry.getKey())),
                        entry.getValue()))
                .toList();
    }

    private static MeasurementReport.Algorithm algorithm(PredictionDocument document) {
        PredictionDocument.Model model = document.model();
        PredictionDocument.Digests digests = document.digests();
        List<String> parameters = new ArrayList<>();
        document.decisions()
                .forEach(decision ->
                        parameters.add("threshold." + decision.operatingPoint() + "=" + decision.threshold()));
        if (digests != null) {
            parameters.add("model-sha256=" + digests.model());
            parameters.add("passport-sha256=" + digests.passport());
            parameters.add("config-sha256=" + digests.config());
        }
        parameters.add("onnxruntime=" + document.runtime().getOrDefault("ort", "unknown"));
        return new MeasurementReport.Algorithm(
                model == null ? "unknown" : model.id(),
                model == null ? "unknown" : ResultWording.orUnknown(model.version()),
                "Walnut",
                parameters);
    }

    /** Only a calibrated number is a probability, and even that is of the model, not of the patient. */
    private static CodedConcept score(@Nullable String scoreKind) {
        if (scoreKind == null) {
            return new CodedConcept("SCORE", OURS, "Uncalibrated score of a model");
        }
        return switch (scoreKind) {
            case "PROBABILITY" -> new CodedConcept("111047", "DCM", "Probability of cancer");
            case "SYNTHETIC" -> new CodedConcept("SYNTHETIC_SCORE", OURS, "Synthetic score, says nothing of a patient");
            default -> new CodedConcept("SCORE", OURS, "Uncalibrated score of a model");
        };
    }

    private static List<MeasurementReport.Candidate> candidates(StoredResult result) {
        List<MeasurementReport.Candidate> candidates = new ArrayList<>();
        List<PredictionDocument.Finding> findings = result.document().findings();
        for (int index = 0; index < findings.size(); index++) {
            PredictionDocument.Finding finding = findings.get(index);
            String identifier = "Candidate " + (index + 1);
            keyImage(result, finding).ifPresent(key -> candidates.add(candidate(result, finding, identifier, key)));
        }
        return candidates;
    }

    private static Optional<ImageReference> keyImage(StoredResult result, PredictionDocument.Finding finding) {
        PredictionDocument.Slice slice = finding.slice();
        if (slice == null || finding.peakLps() == null || result.heatmap().isEmpty()) {
            return Optional.empty();
        }
        return result.images().getOrDefault("T2W", List.of()).stream()
                .filter(image -> image.sopInstanceUid().equals(slice.sopInstanceUid()))
                .findFirst();
    }

    private static MeasurementReport.Candidate candidate(
            StoredResult result, PredictionDocument.Finding finding, String identifier, ImageReference key) {
        double[] peak = finding.peakLps() == null ? new double[3] : finding.peakLps();
        return new MeasurementReport.Candidate(
                identifier,
                finding.confidence(),
                side(finding.side()),
                Optional.ofNullable(finding.volumeMm3()),
                Optional.ofNullable(finding.longAxisMm()),
                Outline.around(
                        result.heatmap().orElseThrow(), new Lps(peak[0], peak[1], peak[2]), result.outlinedFraction()),
                key,
                peak,
                result.frameOfReferenceUid());
    }

    private static Optional<CodedConcept> side(@Nullable String side) {
        if (side == null) {
            return Optional.empty();
        }
        return switch (side) {
            case "LEFT" -> Optional.of(LEFT);
            case "RIGHT" -> Optional.of(RIGHT);
            default -> Optional.empty();
        };
    }

    private static MeasurementReport.Reason reason(PredictionDocument.Reason reason) {
        String meaning = reason.meaning() == null ? reason.code() : reason.meaning();
        return new MeasurementReport.Reason(
                new CodedConcept(
                        reason.code(),
                        reason.scheme() == null ? OURS : reason.scheme(),
                        meaning.length() > 64 ? meaning.substring(0, 64) : meaning),
                reason.detail() == null ? "" : reason.detail());
    }
}
