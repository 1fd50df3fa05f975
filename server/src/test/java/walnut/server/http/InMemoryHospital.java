package walnut.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.CaseDetail;
import walnut.server.api.CaseFilter;
import walnut.server.api.CasePage;
import walnut.server.api.CaseQueries;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;
import walnut.server.api.Deployment;
import walnut.server.api.DeploymentQueries;
import walnut.server.api.LabelIntake;
import walnut.server.api.LabelPage;
import walnut.server.api.LabelReceipt;
import walnut.server.api.LabelRecord;
import walnut.server.api.LabelSubmission;
import walnut.server.api.ModelDescription;
import walnut.server.api.ModelFigures;
import walnut.server.api.MonitoringQueries;
import walnut.server.api.PredictionRecord;
import walnut.server.api.Readiness;
import walnut.server.api.ReadinessReport;
import walnut.server.api.ReplayReport;
import walnut.server.api.ReplayService;
import walnut.server.api.ReportedStatistic;
import walnut.server.api.Senders;
import walnut.server.context.ContextDesk;
import walnut.server.frames.CasePanes;
import walnut.server.frames.Pane;
import walnut.server.frames.PaneSource;
import walnut.server.ledger.InMemoryLedger;
import walnut.server.ledger.Ledger;
import walnut.server.reviews.ReviewDesk;
import walnut.server.security.Access;
import walnut.server.security.InMemoryAccess;
import walnut.server.security.Role;
import walnut.server.security.Tokens;
import walnut.volume.Volume;

/**
 * A small hospital in memory: one case of each outcome, one whose series is named by an attacker, one model. Stands in
 * for database and pipeline.
 */
public final class InMemoryHospital
        implements CaseQueries,
                PaneSource,
                LabelIntake,
                MonitoringQueries,
                DeploymentQueries,
                ReplayService,
                Readiness {
    public static final String POSITIVE = "019384a0-0000-7000-8000-000000000006";
    public static final String NEGATIVE = "019384a0-0000-7000-8000-000000000005";
    public static final String REFUSED = "019384a0-0000-7000-8000-000000000004";
    public static final String FAILED = "019384a0-0000-7000-8000-000000000003";
    public static final String WAITING = "019384a0-0000-7000-8000-000000000002";
    public static final String HOSTILE = "019384a0-0000-7000-8000-000000000001";
    public static final String MODEL = "phantom-detector";

    /** What an attacker would write into a SeriesDescription. */
    static final String HOSTILE_DESCRIPTION =
            "t2<script>document.title='pwned'</script>\\\"><img src=x onerror=document.title='pwned'>";

    private static final Instant NOW = Instant.parse("2026-11-22T01:15:00.123456Z");
    private static final List<Senders.Sender> SENDERS = List.of(
            new Senders.Sender("MR1", true, NOW.minusSeconds(60), 12, 1440, 0, null),
            new Senders.Sender("MR2", true, null, 0, 0, 0, null),
            new Senders.Sender("<b>EVIL</b>", false, NOW, 0, 0, 0, "UNKNOWN_AE"));

    private static final String SETUP = "the test";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Map<String, CaseDetail> cases = new ConcurrentSkipListMap<>((one, other) -> other.compareTo(one));
    private final List<LabelRecord> labels = new CopyOnWriteArrayList<>();
    private final Map<Pane, Volume> pelvis = PelvisVolumes.all();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final InMemoryLedger entries = new InMemoryLedger();
    private final AtomicInteger reviewNumber = new AtomicInteger();
    private final ReviewDesk reviewDesk = new ReviewDesk(
            new InMemoryReviews(),
            this::predictionById,
            Clock.fixed(NOW, ZoneOffset.UTC),
            () -> "review-" + reviewNumber.incrementAndGet());
    private final List<String> reevaluated = new CopyOnWriteArrayList<>();
    private final ContextDesk contextDesk = new ContextDesk(
            new InMemoryContexts(),
            caseId -> caseById(caseId).map(CaseDetail::summary),
            reevaluated::add,
            Clock.fixed(NOW, ZoneOffset.UTC),
            ZoneOffset.UTC,
            () -> "context-" + reviewNumber.incrementAndGet());
    private final Clock clock;
    private final Ledger ledger;
    private final Access access;
    private volatile boolean knownAnswerBroken;

    public InMemoryHospital() {
        this(Clock.fixed(NOW, ZoneOffset.UTC));
    }

    InMemoryHospital(Clock clock) {
        this.clock = clock;
        ledger = entries.ledger(clock);
        access = InMemoryAccess.on(ledger, clock);
        add(POSITIVE, CaseState.COMPLETED, 0.874, true, null, document("COMPLETED", "t2_tse_tra", 0.874, true, ""));
        add(NEGATIVE, CaseState.COMPLETED, 0.112, false, null, document("COMPLETED", "t2_tse_tra", 0.112, false, ""));
        add(REFUSED, CaseState.NOT_ELIGIBLE, null, null, "Expected ADC map is missing", refused());
        add(
                FAILED,
                CaseState.FAILED,
                null,
                null,
                "the model took longer than 120 s and was ended",
                document("FAILED", "t2_tse_tra", null, null, """
                        {"code": "INFERENCE_TIMEOUT", "scheme": "99WALNUT", "meaning": "The model was ended",
                         "detail": "expected an answer within 120 s, ended after 120.4 s"}"""));
        add(WAITING, CaseState.QUEUED, null, null, null, null);
        add(
                HOSTILE,
                CaseState.COMPLETED,
                0.311,
                false,
                null,
                document("COMPLETED", HOSTILE_DESCRIPTION, 0.311, false, ""));
    }

    public HttpDependencies dependencies() {
        return new HttpDependencies(
                this,
                this,
                this,
                reviewDesk,
                contextDesk,
                this,
                this,
                (modelId, state, actor, reason) -> changed(state, actor, reason),
                new InMemoryDelivery(),
                () -> SENDERS,
                this,
                InMemoryUpkeep.of(POSITIVE),
                this,
                access,
                ledger,
                meters,
                clock);
    }

    public Access access() {
        return access;
    }

    /** A new token with these roles. */
    Tokens.Issued token(Role... roles) {
        return access.tokens().create("token " + (access.tokens().all().size() + 1), Set.of(roles), null, SETUP);
    }

    private Deployment changed(String state, String actor, String reason) {
        if (actor.isEmpty() || reason.isEmpty()) {
            throw new WalnutException(FailureCode.INVALID_ARGUMENT, "a change needs a name and a reason");
        }
        Deployment now = deployments().get(0);
        return new Deployment(
                now.modelId(),
                now.modelVersion(),
                now.digest(),
                state,
                now.scoreKind(),
                now.knownAnswer(),
                now.knownAnswerAt(),
                NOW);
    }

    /** What was noted so far, but how the test was set up: actor, action, subject. */
    List<String> details() {
        return entries.details();
    }

    List<String> noted() {
        return entries.noted().stream()
                .filter(entry -> !entry.startsWith(SETUP))
                .toList();
    }

    /** Moves the waiting case on, as the pipeline would. */
    public void finishWaiting() {
        add(WAITING, CaseState.COMPLETED, 0.702, true, null, document("COMPLETED", "t2_tse_tra", 0.702, true, ""));
    }

    /** A study arrives. */
    public void receive(String caseId) {
        add(caseId, CaseState.ASSEMBLING, null, null, null, null);
    }

    /** Cases that were to be evaluated again. */
    List<String> reevaluated() {
        return reevaluated;
    }

    void breakKnownAnswer() {
        knownAnswerBroken = true;
    }

    @Override
    public CasePage cases(CaseFilter filter) {
        String before = filter.before();
        String study = filter.studyInstanceUid();
        String patient = filter.patientId();
        List<CaseSummary> fitting = cases.values().stream()
                .map(CaseDetail::summary)
                .filter(summary -> filter.states().isEmpty() || filter.states().contains(summary.state()))
                .filter(summary -> study == null || study.equals(summary.studyInstanceUid()))
                .filter(summary -> patient == null || patient.equals(summary.patientId()))
                .filter(summary -> before == null || summary.caseId().compareTo(before) < 0)
                .toList();
        boolean more = fitting.size() > filter.limit();
        List<CaseSummary> page = more ? fitting.subList(0, filter.limit()) : fitting;
        return new CasePage(page, more ? page.get(page.size() - 1).caseId() : null);
    }

    @Override
    public Map<CaseState, Long> countByState() {
        Map<CaseState, Long> counts = new EnumMap<>(CaseState.class);
        cases.values().forEach(detail -> counts.merge(detail.summary().state(), 1L, Long::sum));
        return counts;
    }

    @Override
    public Optional<CaseDetail> caseById(String caseId) {
        return Optional.ofNullable(cases.get(caseId));
    }

    @Override
    public Optional<PredictionRecord> predictionById(String predictionId) {
        return cases.values().stream()
                .map(CaseDetail::prediction)
                .filter(prediction ->
                        prediction != null && prediction.predictionId().equals(predictionId))
                .findFirst();
    }

    @Override
    public Optional<String> revision(String caseId) {
        return Optional.ofNullable(cases.get(caseId))
                .map(detail -> "r-" + detail.summary().caseId());
    }

    @Override
    public Optional<CasePanes> panes(String caseId) {
        Map<Pane, Volume> volumes = new EnumMap<>(pelvis);
        if (caseId.equals(WAITING)) {
            return Optional.empty();
        }
        if (caseId.equals(FAILED)) {
            throw new WalnutException(FailureCode.INPUT_GONE, "retention removed the images of this case");
        }
        if (caseId.equals(REFUSED)) {
            volumes.remove(Pane.ADC);
            volumes.remove(Pane.HEATMAP);
        }
        // The scanner numbered three localizing images first; the hostile images have no numbers.
        List<Integer> numbers = caseId.equals(HOSTILE)
                ? List.of()
                : IntStream.range(4, 4 + pelvis.get(Pane.T2W).geometry().slices())
                        .boxed()
                        .toList();
        return revision(caseId).map(revision -> new CasePanes(revision, volumes, numbers));
    }

    /** Studies under 2.25 are known here, all others are not; nothing may be sampled after today. */
    @Override
    public LabelReceipt receive(List<LabelSubmission> submitted) {
        int joined = 0;
        int accepted = 0;
        List<LabelReceipt.Rejection> rejected = new ArrayList<>();
        for (LabelSubmission label : submitted) {
            if (label.sampledOn().isAfter(LocalDate.ofInstant(NOW, ZoneOffset.UTC))) {
                rejected.add(new LabelReceipt.Rejection(
                        label.row(), FailureCode.LABEL_IN_FUTURE.name(), "sampledOn lies in the future"));
                continue;
            }
            String study = label.studyInstanceUid();
            boolean known = study != null && study.startsWith("2.25.");
            accepted++;
            joined += known ? 1 : 0;
            labels.add(new LabelRecord(
                    "label-" + (labels.size() + 1),
                    known ? POSITIVE : null,
                    label.kind(),
                    label.isup(),
                    label.csPca(),
                    label.piRads(),
                    label.sampledOn(),
                    NOW,
                    label.source(),
                    null));
        }
        return new LabelReceipt(accepted, joined, accepted - joined, 0, rejected);
    }

    @Override
    public LabelPage labels(@Nullable String caseId, @Nullable String before, int limit) {
        return new LabelPage(
                labels.stream()
                        .filter(label -> caseId == null || caseId.equals(label.caseId()))
                        .limit(limit)
                        .toList(),
                null);
    }

    @Override
    public Optional<ModelFigures> figures(String modelId) {
        if (!modelId.equals(MODEL)) {
            return Optional.empty();
        }
        return Optional.of(new ModelFigures(
                MODEL,
                "1.0.0",
                NOW,
                214,
                12,
                1,
                64,
                23,
                ReportedStatistic.defined(64.0 / 214, 214, null),
                ReportedStatistic.defined(0.861, 64, new ReportedStatistic.Interval(0.771, 0.951, 0.95, "DeLong")),
                List.of(new ModelFigures.AtOperatingPoint(
                        "default",
                        0.5,
                        ReportedStatistic.defined(
                                0.870, 23, new ReportedStatistic.Interval(0.679, 0.955, 0.95, "Wilson")),
                        ReportedStatistic.undefined(4, "10 verified negatives are needed, there are 4"),
                        null)),
                new ModelFigures.Replays(7, 0, 0),
                new ModelFigures.Rescans(
                        3,
                        ReportedStatistic.undefined(3, "TOO_FEW"),
                        ReportedStatistic.undefined(3, "TOO_FEW"),
                        ReportedStatistic.undefined(3, "TOO_FEW"),
                        List.of(new ModelFigures.Flips(
                                "default",
                                0.5,
                                ReportedStatistic.defined(
                                        1.0 / 3, 3, new ReportedStatistic.Interval(0.061, 0.792, 0.95, "Wilson"))))),
                new ModelFigures.Readers(
                        31,
                        24,
                        4,
                        3,
                        ReportedStatistic.defined(
                                24.0 / 31, 31, new ReportedStatistic.Interval(0.602, 0.886, 0.95, "WILSON")),
                        ReportedStatistic.defined(
                                0.821, 28, new ReportedStatistic.Interval(0.644, 0.921, 0.95, "WILSON")),
                        ReportedStatistic.defined(
                                0.641, 28, new ReportedStatistic.Interval(0.361, 0.921, 0.95, "WALD")),
                        ReportedStatistic.undefined(0, "ZERO_DENOMINATOR"),
                        ReportedStatistic.undefined(0, "TOO_FEW"))));
    }

    @Override
    public List<Deployment> deployments() {
        return List.of(new Deployment(
                MODEL, "1.0.0", "ab".repeat(32), "SILENT", "SYNTHETIC", "BITWISE", NOW, NOW.minusSeconds(86_400)));
    }

    @Override
    public Optional<ModelDescription> model(String modelId) {
        if (!modelId.equals(MODEL)) {
            return Optional.empty();
        }
        return Optional.of(new ModelDescription(
                deployments().get(0),
                "Phantom detector",
                "Shows that the corridor works, on Walnut phantoms. Not for images of people.",
                List.of("Never saw a patient", "One dialect of phantoms"),
                List.of(
                        new ModelDescription.Input("T2W", "0.5 × 0.5 × 3 mm, z-score"),
                        new ModelDescription.Input("ADC", "divided by 3000"),
                        new ModelDescription.Input("HBV", null)),
                List.of(new ModelDescription.OperatingPoint("default", 0.5, "best Youden index on held-out phantoms")),
                List.of(new ModelDescription.Fact("Training data", "4,000 phantoms, seed 7"))));
    }

    @Override
    public Optional<ReplayReport> replay(String predictionId) {
        return predictionById(predictionId)
                .map(prediction -> new ReplayReport(
                        predictionId,
                        null,
                        "BITWISE",
                        true,
                        null,
                        0.0,
                        List.of(new ReplayReport.Stage("volumes", "aa", "aa", true))));
    }

    @Override
    public ReadinessReport check() {
        return new ReadinessReport(List.of(
                new ReadinessReport.Check("database", true, "answers"),
                new ReadinessReport.Check(
                        "known answer of " + MODEL,
                        !knownAnswerBroken,
                        knownAnswerBroken ? "BROKEN: largest difference 0.2" : "BITWISE")));
    }

    private void add(
            String caseId,
            CaseState state,
            @Nullable Double score,
            @Nullable Boolean positive,
            @Nullable String explanation,
            @Nullable JsonNode document) {
        PredictionRecord prediction = document == null
                ? null
                : new PredictionRecord(
                        "p" + caseId.substring(1),
                        caseId,
                        caseId.equals(NEGATIVE) ? "CLINICAL" : "SILENT",
                        NOW,
                        document);
        CaseSummary summary = new CaseSummary(
                caseId,
                "PAT-" + (1000 + cases.size()),
                "HOSPITAL",
                "2.25." + (1000 + cases.size()),
                "20261119",
                state,
                66,
                NOW.minusSeconds(600L * cases.size()),
                NOW,
                prediction == null ? null : prediction.predictionId(),
                prediction == null ? null : prediction.kind(),
                prediction == null ? null : MODEL,
                prediction == null ? null : "1.0.0",
                score == null ? null : "SYNTHETIC",
                score,
                positive,
                explanation);
        cases.put(
                caseId,
                new CaseDetail(
                        summary, prediction, prediction == null ? List.of() : List.of(prediction.predictionId())));
    }

    private static JsonNode refused() {
        JsonNode document = document("NOT_ELIGIBLE", "t2_tse_tra", null, null, """
                {"code": "130585", "scheme": "DCM", "meaning": "Expected ADC map is missing",
                 "detail": "the study has T2W series 4 and DWI series 6 with b 50 only"}""");
        ((ObjectNode) document.get("series")).putNull("ADC");
        return document;
    }

    private static JsonNode document(
            String outcome, String t2wDescription, @Nullable Double score, @Nullable Boolean positive, String reason) {
        double x = PelvisVolumes.LESION.x();
        double y = PelvisVolumes.LESION.y();
        double z = PelvisVolumes.LESION.z();
        String findings = Boolean.TRUE.equals(positive) ? """
                {"confidence": %s, "side": "LEFT", "slice": {"seriesNumber": 4, "sopInstanceUid": "2.25.77"},
                 "volumeMm3": 812.4, "longAxisMm": 12.8, "centroidLps": [%s, %s, %s], "peakLps": [%s, %s, %s]},
                {"confidence": 0.231, "side": "RIGHT", "slice": {"seriesNumber": 4, "sopInstanceUid": "2.25.78"},
                 "volumeMm3": 120.0, "longAxisMm": 6.1, "centroidLps": [-12.0, 22.0, -52.0], "peakLps": [-12.0, 22.0, -52.0]}
                """.formatted(score, x, y, z, x, y, z) : "";
        String decisions = positive == null
                ? ""
                : "{\"operatingPoint\": \"default\", \"threshold\": 0.5, \"positive\": %s}".formatted(positive);
        return parsed("""
                {
                  "outcome": "%s",
                  "study": {"studyInstanceUid": "2.25.1000", "caseId": null},
                  "series": {
                    "T2W": {"seriesInstanceUid": "2.25.4", "seriesNumber": 4, "description": "%s",
                      "evidence": ["spin echo, TE 101 ms", "axial, 20 slices of 3 mm", "small field of view before series 9"]},
                    "ADC": {"seriesInstanceUid": "2.25.7", "seriesNumber": 7, "description": "ep2d_diff_tra_ADC",
                      "evidence": ["ImageType value 4 is ADC", "same frame of reference as T2W"]},
                    "HBV": {"seriesInstanceUid": "2.25.8", "seriesNumber": 8, "description": "ep2d_diff_tra_CALC_BVAL",
                      "bValue": 1400, "source": "SCANNER_COMPUTED", "evidence": ["b 1400 from (0018,9087)"]}
                  },
                  "gates": [
                    {"name": "SEX", "verdict": "PASS", "read": "M"},
                    {"name": "REGION", "verdict": "PASS", "read": "BodyPartExamined PROSTATE"},
                    {"name": "COVERAGE", "verdict": "PASS", "read": "T2W and DWI overlap on 20 of 20 slices"},
                    {"name": "TREATMENT", "verdict": "UNKNOWN", "read": "no clinical context was given"}
                  ],
                  "model": {"id": "phantom-detector", "version": "1.0.0", "digest": "%s"},
                  "scoreKind": %s, "caseScore": %s, "caseScoreRaw": %s,
                  "decisions": [%s], "findings": [%s], "points": [], "reasons": [%s],
                  "warnings": ["OUT_OF_INTENDED_USE: the images come from no Walnut phantom"],
                  "digests": {"inputs": ["aa", "bb"], "volumes": {"T2W": "%s"}, "tensors": {"input": "%s"},
                    "model": "%s", "passport": "%s", "config": null, "outputs": {"heatmap": "%s"}},
                  "runtime": {"walnut": "0.1.0", "ort": "1.29.0", "provider": "CPU", "intraOpThreads": 1},
                  "timingsMs": {"volumes": 210.5, "infer": 640.1}
                }""".formatted(
                        outcome,
                        t2wDescription,
                        "ab".repeat(32),
                        score == null ? "null" : "\"SYNTHETIC\"",
                        score,
                        score,
                        decisions,
                        findings,
                        reason,
                        "01".repeat(32),
                        "02".repeat(32),
                        "ab".repeat(32),
                        "03".repeat(32),
                        "04".repeat(32)));
    }

    private static JsonNode parsed(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the test's own document is not JSON", e);
        }
    }
}
