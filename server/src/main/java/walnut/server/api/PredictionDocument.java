package walnut.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * The typed form of the {@code predict --json} document, for whoever shows it. Keys that a newer version added are
 * ignored; lists that an older one left out are empty.
 *
 * <p>Units: millimetres, cubic millimetres, milliseconds. Positions are LPS {@code [x, y, z]}.
 *
 * @param outcome COMPLETED, NOT_ELIGIBLE or FAILED
 * @param clinicalContext which version of what people entered the gates went by; null where nobody had entered anything
 * @param technical how the acquisition stands to PI-RADS v2.1; informs, refuses nothing
 * @param series by role: T2W, ADC, HBV; a role that was not found has no entry or a null one
 * @param scoreKind SYNTHETIC, SCORE or PROBABILITY
 * @param intendedUse whether the images are of the kind that the model was made for; null where nobody knows: of a study
 *     that could not be read, or in a document of an older Walnut
 * @param findings by falling confidence
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record PredictionDocument(
        String outcome,
        @Nullable Study study,
        @Nullable Context clinicalContext,
        Map<String, @Nullable Series> series,
        List<Gate> gates,
        List<TechnicalParameter> technical,
        @Nullable Model model,
        @Nullable String scoreKind,
        @Nullable Boolean intendedUse,
        @Nullable Double caseScore,
        @Nullable Double caseScoreRaw,
        List<Decision> decisions,
        List<Finding> findings,
        List<PointScore> points,
        List<Reason> reasons,
        List<String> warnings,
        @Nullable Digests digests,
        Map<String, Object> runtime,
        Map<String, Double> timingsMs) {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public PredictionDocument {
        series = inOrder(series);
        gates = orEmpty(gates);
        technical = orEmpty(technical);
        decisions = orEmpty(decisions);
        findings = orEmpty(findings);
        points = orEmpty(points);
        reasons = orEmpty(reasons);
        warnings = orEmpty(warnings);
        runtime = inOrder(runtime);
        timingsMs = inOrder(timingsMs);
    }

    /** Reads a stored document; one that is not of this form is {@link FailureCode#INTERNAL_ERROR}. */
    public static PredictionDocument read(JsonNode document) {
        try {
            return MAPPER.treeToValue(document, PredictionDocument.class);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new WalnutException(FailureCode.INTERNAL_ERROR, "the stored prediction is not a predict document", e);
        }
    }

    public record Study(
            @Nullable String studyInstanceUid, @Nullable String caseId) {}

    /** {@code sha256} over the values that were entered, not over who entered them. */
    public record Context(int version, String sha256) {}

    /** A series that was used, and why; {@code bValue} and {@code source} for HBV only. */
    public record Series(
            @Nullable String seriesInstanceUid,
            @Nullable Integer seriesNumber,
            @Nullable String description,
            List<String> evidence,
            @Nullable Double bValue,
            @Nullable String source) {
        public Series {
            evidence = orEmpty(evidence);
        }
    }

    /** {@code verdict} PASS, FAIL or UNKNOWN; {@code read} is what the gate looked at. */
    public record Gate(
            String name, String verdict, @Nullable String read) {}

    /** A requirement of PI-RADS v2.1 on the acquisition; {@code verdict} PASS, FAIL or UNKNOWN. */
    public record TechnicalParameter(
            String sequence,
            String name,
            String verdict,
            @Nullable String read,
            @Nullable String limit) {}

    public record Model(
            String id, @Nullable String version, @Nullable String digest) {}

    public record Decision(String operatingPoint, double threshold, boolean positive) {}

    public record Finding(
            double confidence,
            @Nullable String side,
            @Nullable Slice slice,
            @Nullable Double volumeMm3,
            @Nullable Double longAxisMm,
            double @Nullable [] centroidLps,
            double @Nullable [] peakLps) {}

    public record Slice(
            @Nullable Integer seriesNumber, @Nullable String sopInstanceUid) {}

    public record PointScore(
            double @Nullable [] lps, @Nullable Double score) {}

    public record Reason(
            String code,
            @Nullable String scheme,
            @Nullable String meaning,
            @Nullable String detail) {}

    /** @param geometries of the volumes, without their values; empty in documents of an older Walnut */
    public record Digests(
            List<String> inputs,
            Map<String, String> geometries,
            Map<String, String> volumes,
            Map<String, String> tensors,
            @Nullable String model,
            @Nullable String passport,
            @Nullable String config,
            Map<String, String> outputs) {
        public Digests {
            inputs = orEmpty(inputs);
            geometries = inOrder(geometries);
            volumes = inOrder(volumes);
            tensors = inOrder(tensors);
            outputs = inOrder(outputs);
        }
    }

    /** Jackson hands null for an absent list. */
    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /** Keeps the order of the document, and null values (a role that was not found). */
    private static <V extends @Nullable Object> Map<String, V> inOrder(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
