package walnut.dicom.object;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Uid;

/**
 * A result as a Comprehensive 3D SR (PS3.3 A.35.13) after TID 1500 "Measurement Report": the images it was made from, one
 * measurement group (TID 1410, a planar region) a candidate, and for a refusal the reasons by their codes.
 *
 * @param disclaimer what must be read with every number, in words
 * @param summary one sentence: what was found, or that nothing was said
 * @param library the images that were used, by role
 * @param score the concept that every number of this model stands for
 * @param caseScore empty for a refusal
 * @param candidates by falling confidence
 * @param reasons of a refusal; empty for a result
 */
public record MeasurementReport(
        String seriesDescription,
        String disclaimer,
        String summary,
        List<LibraryGroup> library,
        Algorithm algorithm,
        CodedConcept score,
        Optional<Double> caseScore,
        List<Candidate> candidates,
        List<Reason> reasons) {

    private static final int SERIES_NUMBER = 9002;
    private static final CodedConcept NO_UNITS = CodedConcept.ucum("1", "no units");

    public MeasurementReport {
        library = List.copyOf(library);
        candidates = List.copyOf(candidates);
        reasons = List.copyOf(reasons);
    }

    /** The images of one role, and what the role is (PS3.16 CID 6311). */
    public record LibraryGroup(CodedConcept role, List<ImageReference> images) {
        public LibraryGroup {
            images = List.copyOf(images);
        }
    }

    /** What computed the numbers (TID 4019). Each parameter is one text, {@code name=value}. */
    public record Algorithm(String name, String version, String manufacturer, List<String> parameters) {
        public Algorithm {
            parameters = List.copyOf(parameters);
        }
    }

    /**
     * One candidate.
     *
     * @param identifier "Candidate 1"
     * @param confidence on the scale of the report's score
     * @param side where it lies, if that is known
     * @param volumeMm3 in cubic millimetres
     * @param longAxisMm in millimetres
     * @param outline closed outline on the key image, column and row of each corner in turn; see {@link
     *     ContentItem#outline}
     * @param keyImage the image that shows it best
     * @param peakLps where its highest score lies, LPS millimetres
     * @param frameOfReferenceUid of the position
     */
    public record Candidate(
            String identifier,
            double confidence,
            Optional<CodedConcept> side,
            Optional<Double> volumeMm3,
            Optional<Double> longAxisMm,
            double[] outline,
            ImageReference keyImage,
            double[] peakLps,
            String frameOfReferenceUid) {}

    /** Why there is no result: a code (PS3.16 CID 6314 and 6315, or one of ours) and what was seen. */
    public record Reason(CodedConcept code, String detail) {}

    public DataSet dataSet(ResultContext context) {
        DataSet content = content(context).dataSet();
        DataSet.Builder report = context.header()
                .putString(Tag.SOPClassUID, Uid.Comprehensive3DSRStorage)
                .putString(Tag.SOPInstanceUID, context.uid("SR"))
                .putString(Tag.Modality, "SR")
                .putString(Tag.SeriesInstanceUID, context.uid("SR series"))
                .putInteger(Tag.SeriesNumber, SERIES_NUMBER)
                .putString(Tag.SeriesDescription, seriesDescription)
                .putInteger(Tag.InstanceNumber, 1)
                .putString(Tag.CompletionFlag, "COMPLETE")
                .putString(Tag.VerificationFlag, "UNVERIFIED")
                .putString(Tag.PreliminaryFlag, "PRELIMINARY")
                .putEmpty(Tag.ReferencedPerformedProcedureStepSequence)
                .putEmpty(Tag.PerformedProcedureCodeSequence);
        List<DataSet> evidence = evidence(context);
        if (!evidence.isEmpty()) {
            report.putItems(Tag.CurrentRequestedProcedureEvidenceSequence, evidence);
        }
        content.forEach(report::put);
        return report.build();
    }

    private ContentItem content(ResultContext context) {
        ResultContext.Device device = context.device();
        return ContentItem.root(CodedConcept.dcm("126000", "Imaging Measurement Report"), "1500")
                .with(ContentItem.code(
                        "HAS CONCEPT MOD",
                        CodedConcept.dcm("121049", "Language of Content Item and Descendants"),
                        new CodedConcept("en-US", "RFC5646", "English (United States)")))
                .with(ContentItem.code(
                        "HAS OBS CONTEXT",
                        CodedConcept.dcm("121005", "Observer Type"),
                        CodedConcept.dcm("121007", "Device")))
                .with(ContentItem.uid(
                        "HAS OBS CONTEXT", CodedConcept.dcm("121012", "Device Observer UID"), device.uid()))
                .with(ContentItem.text(
                        "HAS OBS CONTEXT", CodedConcept.dcm("121013", "Device Observer Name"), device.modelName()))
                .with(ContentItem.text(
                        "HAS OBS CONTEXT",
                        CodedConcept.dcm("121014", "Device Observer Manufacturer"),
                        device.manufacturer()))
                .with(ContentItem.text(
                        "HAS OBS CONTEXT",
                        CodedConcept.dcm("121015", "Device Observer Model Name"),
                        device.modelName()))
                .with(ContentItem.code(
                        "HAS CONCEPT MOD",
                        CodedConcept.dcm("121058", "Procedure reported"),
                        CodedConcept.sct("719178004", "Multiparametric MRI of prostate")))
                .with(comment(disclaimer))
                .with(comment(summary))
                .with(imageLibrary())
                .with(measurements(context))
                .with(reasons.isEmpty() ? List.of() : List.of(qualitativeEvaluations()));
    }

    private static ContentItem comment(String text) {
        return ContentItem.text("CONTAINS", CodedConcept.dcm("121106", "Comment"), text);
    }

    private ContentItem imageLibrary() {
        ContentItem images = ContentItem.container("CONTAINS", CodedConcept.dcm("111028", "Image Library"));
        for (LibraryGroup group : library) {
            images = images.with(ContentItem.container("CONTAINS", CodedConcept.dcm("126200", "Image Library Group"))
                    .with(ContentItem.code(
                            "HAS ACQ CONTEXT",
                            CodedConcept.sct("363698007", "Finding Site"),
                            CodedConcept.sct("41216001", "Prostate")))
                    .with(ContentItem.text(
                            "HAS ACQ CONTEXT",
                            CodedConcept.dcm("121106", "Comment"),
                            group.role().meaning()))
                    .with(group.images().stream()
                            .map(image -> ContentItem.image("CONTAINS", image))
                            .toList()));
        }
        return images;
    }

    private ContentItem measurements(ResultContext context) {
        ContentItem measurements =
                ContentItem.container("CONTAINS", CodedConcept.dcm("126010", "Imaging Measurements"));
        if (caseScore.isPresent()) {
            measurements = measurements.with(wholeGland(context, caseScore.get()));
        }
        for (Candidate candidate : candidates) {
            measurements = measurements.with(group(context, candidate));
        }
        return measurements;
    }

    /** The number of the case as a group of its own (TID 1501). */
    private ContentItem wholeGland(ResultContext context, double value) {
        return ContentItem.container("CONTAINS", CodedConcept.dcm("125007", "Measurement Group"))
                .with(tracking("Case", context.uid("tracking", "case")))
                .with(ContentItem.code(
                        "CONTAINS", CodedConcept.dcm("121071", "Finding"), CodedConcept.sct("41216001", "Prostate")))
                .with(algorithmItems())
                .with(ContentItem.number("CONTAINS", score, value, NO_UNITS));
    }

    private ContentItem group(ResultContext context, Candidate candidate) {
        ContentItem group = ContentItem.container("CONTAINS", CodedConcept.dcm("125007", "Measurement Group"))
                .with(tracking(candidate.identifier(), context.uid("tracking", candidate.identifier())))
                .with(ContentItem.code(
                        "CONTAINS", CodedConcept.dcm("121071", "Finding"), CodedConcept.sct("52988006", "Lesion")))
                .with(algorithmItems())
                .with(findingSite(candidate))
                .with(ContentItem.outline(
                        "CONTAINS",
                        CodedConcept.dcm("111030", "Image Region"),
                        candidate.outline(),
                        candidate.keyImage()))
                .with(ContentItem.number("CONTAINS", score, candidate.confidence(), NO_UNITS)
                        .with(ContentItem.point3d(
                                "INFERRED FROM", candidate.peakLps(), candidate.frameOfReferenceUid())));
        if (candidate.volumeMm3().isPresent()) {
            group = group.with(ContentItem.number(
                    "CONTAINS",
                    CodedConcept.sct("118565006", "Volume"),
                    candidate.volumeMm3().get(),
                    CodedConcept.ucum("mm3", "cubic millimeter")));
        }
        if (candidate.longAxisMm().isPresent()) {
            group = group.with(ContentItem.number(
                    "CONTAINS",
                    CodedConcept.sct("103339001", "Long axis"),
                    candidate.longAxisMm().get(),
                    CodedConcept.ucum("mm", "millimeter")));
        }
        return group;
    }

    private static List<ContentItem> tracking(String identifier, String uid) {
        return List.of(
                ContentItem.text("HAS OBS CONTEXT", CodedConcept.dcm("112039", "Tracking Identifier"), identifier),
                ContentItem.uid("HAS OBS CONTEXT", CodedConcept.dcm("112040", "Tracking Unique Identifier"), uid));
    }

    private static ContentItem findingSite(Candidate candidate) {
        ContentItem site = ContentItem.code(
                "HAS CONCEPT MOD",
                CodedConcept.sct("363698007", "Finding Site"),
                CodedConcept.sct("41216001", "Prostate"));
        return candidate
                .side()
                .map(side -> site.with(
                        ContentItem.code("HAS CONCEPT MOD", CodedConcept.sct("272741003", "Laterality"), side)))
                .orElse(site);
    }

    private List<ContentItem> algorithmItems() {
        List<ContentItem> items = new ArrayList<>();
        items.add(ContentItem.text("HAS CONCEPT MOD", CodedConcept.dcm("111001", "Algorithm Name"), algorithm.name()));
        items.add(ContentItem.text(
                "HAS CONCEPT MOD", CodedConcept.dcm("111003", "Algorithm Version"), algorithm.version()));
        items.add(ContentItem.text(
                "HAS CONCEPT MOD", CodedConcept.dcm("122405", "Algorithm Manufacturer"), algorithm.manufacturer()));
        algorithm
                .parameters()
                .forEach(parameter -> items.add(ContentItem.text(
                        "HAS CONCEPT MOD", CodedConcept.dcm("111002", "Algorithm Parameters"), parameter)));
        return items;
    }

    /** TID 1500 row 12: why there is no result, each reason as a code with what was seen below it. */
    private ContentItem qualitativeEvaluations() {
        ContentItem evaluations =
                ContentItem.container("CONTAINS", new CodedConcept("C0034375", "UMLS", "Qualitative Evaluations"));
        for (Reason reason : reasons) {
            evaluations = evaluations
                    .with(ContentItem.code(
                            "CONTAINS", CodedConcept.dcm("130549", "Imaging Study Quality"), reason.code()))
                    .with(reason.detail().isEmpty() ? List.of() : List.of(comment(reason.detail())));
        }
        return evaluations;
    }

    /** Every image the tree names, once, by series (PS3.3 C.17.2). */
    private List<DataSet> evidence(ResultContext context) {
        Map<String, Set<ImageReference>> bySeries = new LinkedHashMap<>();
        library.forEach(group -> group.images()
                .forEach(image -> bySeries.computeIfAbsent(image.seriesInstanceUid(), uid -> new LinkedHashSet<>())
                        .add(image)));
        candidates.forEach(candidate -> bySeries.computeIfAbsent(
                        candidate.keyImage().seriesInstanceUid(), uid -> new LinkedHashSet<>())
                .add(candidate.keyImage()));
        if (bySeries.isEmpty()) {
            return List.of();
        }
        List<DataSet> series = new ArrayList<>();
        bySeries.forEach((uid, images) -> series.add(DataSet.builder()
                .putString(Tag.SeriesInstanceUID, uid)
                .putItems(
                        Tag.ReferencedSOPSequence,
                        images.stream().map(ImageReference::item).toList())
                .build()));
        return List.of(DataSet.builder()
                .putString(
                        Tag.StudyInstanceUID,
                        context.source().string(Tag.StudyInstanceUID).orElseThrow())
                .putItems(Tag.ReferencedSeriesSequence, series)
                .build());
    }
}
