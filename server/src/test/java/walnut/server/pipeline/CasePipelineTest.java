package walnut.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.Vr;
import walnut.failure.FailureCode;
import walnut.models.passport.ModelPackage;
import walnut.prostate.eligibility.EnteredContext;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudyFolder;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.api.PredictionDocument;
import walnut.server.cli.Phantoms;
import walnut.volume.Lps;

/** The corridor on a phantom, whole and spoilt in one thing at a time: each ends with its code, none silently. */
class CasePipelineTest {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");

    @TempDir
    static Path scratch;

    private static Path phantom;
    private static ServedModel detector;

    @BeforeAll
    static void aPhantomAndTheShippedDetector() throws IOException {
        phantom = Phantoms.one(scratch.resolve("phantom"), 910_000);
        detector = ServedModel.load(ModelPackage.open(DETECTOR), CasePipelineTest::noOther, "test");
    }

    @AfterAll
    static void close() {
        detector.close();
    }

    private static ModelPackage noOther(String id) {
        throw new IllegalStateException("asked for " + id);
    }

    @Test
    void a_phantom_completes_and_says_how_it_was_read() {
        PredictionDocument document = run(detector, phantom, List.of()).document();

        assertThat(document.outcome()).as(String.valueOf(document.reasons())).isEqualTo("COMPLETED");
        assertThat(document.gates())
                .extracting(PredictionDocument.Gate::name)
                .contains(
                        "PATIENT_SEX",
                        "BODY_REGION",
                        "FRAME_OF_REFERENCE",
                        "CONTEXT_TREATMENT",
                        "COVERAGE",
                        "ADC_CONSISTENCY",
                        "GLAND_FOUND",
                        "GLAND_COVERED");
        assertThat(document.gates())
                .extracting(PredictionDocument.Gate::verdict)
                .doesNotContain("FAIL");
        assertThat(document.technical()).hasSize(15);
        assertThat(document.digests().tensors()).containsOnlyKeys("bpmri");
        assertThat(document.digests().outputs()).containsOnlyKeys("heat", "zones");
        assertThat(document.digests().inputs()).isSorted().hasSizeGreaterThan(50);
    }

    @Test
    void a_model_that_scores_points_is_asked_about_the_detectors_candidates_and_a_persons_points() throws IOException {
        CaseOutcome found = run(detector, phantom, List.of());
        List<PredictionDocument.Finding> candidates = found.document().findings();
        assertThat(candidates).isNotEmpty();
        double[] centroid = candidates.get(0).centroidLps();
        Lps point = new Lps(centroid[0], centroid[1], centroid[2]);

        try (ServedModel scorer = ServedModel.load(
                PointModels.weightedMean(scratch.resolve("scorer")), id -> ModelPackage.open(DETECTOR), "test")) {
            PredictionDocument document =
                    run(scorer, phantom, List.of(point, new Lps(900, 0, 0))).document();

            assertThat(document.outcome()).isEqualTo("COMPLETED");
            assertThat(document.model().id()).isEqualTo("weighted-mean");
            assertThat(document.findings()).hasSameSizeAs(candidates);
            assertThat(document.caseScoreRaw())
                    .isEqualTo(document.findings().get(0).confidence());
            assertThat(document.points().get(0).score())
                    .as("the point is the candidate's centroid")
                    .isEqualTo(document.findings().stream()
                            .filter(finding -> java.util.Arrays.equals(finding.centroidLps(), centroid))
                            .findFirst()
                            .orElseThrow()
                            .confidence());
            assertThat(document.points().get(1).score()).as("outside the study").isNull();
            assertThat(document.digests().tensors()).containsKeys("walnut-phantom-detector/bpmri", "patch-1");
            assertThat(document.digests().config())
                    .isNotEqualTo(found.document().digests().config());
            assertThat(run(scorer, phantom, List.of(point)).document().digests().outputs())
                    .isEqualTo(run(scorer, phantom, List.of(point))
                            .document()
                            .digests()
                            .outputs());
        }
    }

    @Test
    void a_study_of_another_region_or_of_a_treated_patient_is_refused() throws IOException {
        assertRefused(
                edited("rectum", data -> data.putString(Tag.StudyDescription, "MRI rectum staging")
                        .putString(Tag.BodyPartExamined, "RECTUM")
                        .putString(Tag.ProtocolName, "t2_tra")),
                "GATE_BODY_REGION");
        assertRefused(
                edited("treated", data -> data.putString(Tag.StudyDescription, "MRI prostate bed after prostatectomy")),
                "GATE_CONTEXT_TREATMENT");
        assertRefused(edited("female", data -> data.putString(Tag.PatientSex, "F")), "GATE_PATIENT_SEX");
    }

    @Test
    void diffusion_images_in_another_frame_of_reference_are_refused() throws IOException {
        assertRefused(
                edited("elsewhere", data -> {
                    if (!isT2w(data)) {
                        data.putString(Tag.FrameOfReferenceUID, "2.25.4711");
                    }
                }),
                "MIXED_FRAME_OF_REFERENCE");
    }

    @Test
    void an_adc_map_that_its_traces_do_not_give_is_refused() throws IOException {
        assertRefused(
                edited("inconsistent", data -> {
                    if (isAdc(data)) {
                        data.putString(Tag.RescaleSlope, Vr.DS, "1.5");
                    }
                }),
                "ADC_INCONSISTENT");
    }

    @Test
    void an_adc_map_in_other_units_is_converted_and_says_so() throws IOException {
        Path study = edited("units", data -> {
            if (isAdc(data)) {
                data.putString(Tag.RescaleSlope, Vr.DS, "0.001");
            }
        });

        PredictionDocument document = run(detector, study, List.of()).document();

        assertThat(document.outcome()).as(String.valueOf(document.reasons())).isEqualTo("COMPLETED");
        assertThat(document.warnings())
                .anySatisfy(warning -> assertThat(warning).startsWith("ADC_UNIT_CONVERTED"));
        double[] expected = run(detector, phantom, List.of()).document().findings().stream()
                .mapToDouble(PredictionDocument.Finding::confidence)
                .toArray();
        assertThat(document.findings().get(0).confidence())
                .isCloseTo(expected[0], org.assertj.core.api.Assertions.within(1e-3));
    }

    @Test
    void a_study_over_half_the_memory_ends_with_its_code_and_the_next_is_answered() {
        CaseOutcome tooLarge = new CasePipeline(detector, 1 << 20).run(FolderInput.of(study(phantom), List.of()));

        assertThat(tooLarge).isInstanceOfSatisfying(CaseOutcome.Failed.class, failed -> assertThat(failed.code())
                .isEqualTo(FailureCode.STUDY_TOO_LARGE));
        assertThat(tooLarge.document().reasons().get(0).detail()).contains("-Xmx");
        assertThat(run(detector, phantom, List.of()).document().outcome()).isEqualTo("COMPLETED");
    }

    @Test
    void what_people_entered_decides_and_is_named_in_the_document() {
        ClinicalContextRecord treated = entered(1, EnteredContext.Treatment.PROSTATECTOMY);
        CaseInput input = FolderInput.of(study(phantom), List.of());
        PredictionDocument refused =
                new CasePipeline(detector).run(input.withContext(treated)).document();

        assertThat(refused.outcome()).isEqualTo("NOT_ELIGIBLE");
        assertThat(refused.reasons())
                .extracting(PredictionDocument.Reason::code)
                .containsExactly("GATE_CONTEXT_TREATMENT");
        assertThat(refused.clinicalContext())
                .isEqualTo(new PredictionDocument.Context(1, treated.context().sha256()));
        assertThat(input.withContext(treated).digests())
                .as("a prediction of its own, not the one made without it")
                .isNotEqualTo(input.digests());

        PredictionDocument untreated = new CasePipeline(detector)
                .run(input.withContext(entered(2, EnteredContext.Treatment.NONE)))
                .document();
        assertThat(untreated.outcome()).isEqualTo("COMPLETED");
        assertThat(untreated.gates())
                .filteredOn(gate -> gate.name().equals("CONTEXT_TREATMENT"))
                .singleElement()
                .satisfies(gate -> assertThat(gate.verdict()).isEqualTo("PASS"));
    }

    private static ClinicalContextRecord entered(int version, EnteredContext.Treatment treatment) {
        return new ClinicalContextRecord(
                "context-" + version,
                "case",
                version,
                "ada",
                null,
                Instant.EPOCH,
                new EnteredContext(treatment, null, null, null, null, null, null));
    }

    private static void assertRefused(Path study, String code) {
        CaseOutcome outcome = run(detector, study, List.of());
        assertThat(outcome).isInstanceOf(CaseOutcome.NotEligible.class);
        assertThat(outcome.document().reasons().get(0).code()).isEqualTo(code);
        assertThat(outcome.document().reasons().get(0).meaning()).isNotBlank();
        assertThat(outcome.document().caseScore()).isNull();
    }

    private static CaseOutcome run(ServedModel model, Path study, List<Lps> points) {
        return new CasePipeline(model).run(FolderInput.of(study(study), points));
    }

    private static Study study(Path folder) {
        return StudyFolder.read(folder).studies().get(0);
    }

    private static boolean isAdc(DataSet.Builder data) {
        return data.build().string(Tag.SeriesDescription).orElse("").contains("ADC");
    }

    private static boolean isT2w(DataSet.Builder data) {
        return data.build().string(Tag.SeriesDescription).orElse("").contains("T2");
    }

    private static Path edited(String name, java.util.function.Consumer<DataSet.Builder> edit) throws IOException {
        return Phantoms.edited(phantom, scratch.resolve(name), edit);
    }
}
