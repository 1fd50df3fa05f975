package walnut.failure;

import java.util.EnumSet;
import java.util.Set;

/**
 * A foreseen failure under one stable name. The code fixes who must act ({@link FailureCategory}), whether the same
 * request may succeed later, and what a DIMSE or HTTP peer is told; it is also the tag under which failures are counted.
 *
 * <p>Names are a contract: they appear in stored results, JSON, logs and meters. Add, never rename.
 * <p>DIMSE statuses: PS3.4 Table B.2-1 (C-STORE). HTTP statuses: RFC 9110.
 */
public enum FailureCode {
    // DICOM data sets
    NOT_DICOM(FailureCategory.INPUT, false, 0xC000, 422),
    TRUNCATED(FailureCategory.INPUT, false, 0xC000, 422),
    MALFORMED_DATASET(FailureCategory.INPUT, false, 0xC000, 422),
    DATASET_TOO_LARGE(FailureCategory.INPUT, false, 0xC000, 413),
    UNSUPPORTED_TRANSFER_SYNTAX(FailureCategory.INPUT, false, 0xC000, 422),
    IDENTITY_MISSING(FailureCategory.INPUT, false, 0xA900, 422),
    SOP_CLASS_MISMATCH(FailureCategory.INPUT, false, 0xA900, 422),
    SOP_INSTANCE_MISMATCH(FailureCategory.INPUT, false, 0xA900, 422),

    // Series and volumes
    MISSING_SLICE(FailureCategory.INPUT, false, 0xC000, 422),
    MIXED_ORIENTATION(FailureCategory.INPUT, false, 0xC000, 422),
    GEOMETRY_MISSING(FailureCategory.INPUT, false, 0xC000, 422),
    DUPLICATE_SLICE(FailureCategory.INPUT, false, 0xC000, 422),
    UNEVEN_SLICES(FailureCategory.INPUT, false, 0xC000, 422),
    MIXED_GRID(FailureCategory.INPUT, false, 0xC000, 422),
    MIXED_FRAME_OF_REFERENCE(FailureCategory.INPUT, false, 0xC000, 422),
    PATIENT_CONFLICT(FailureCategory.INPUT, false, 0xA900, 422),
    SOP_INSTANCE_CONFLICT(FailureCategory.INPUT, false, 0xA900, 422),
    FILE_UNREADABLE(FailureCategory.INPUT, false, 0xC000, 422),
    DIRECTORY_LOOP(FailureCategory.INPUT, false, 0xC000, 422),
    PIXELS_NOT_DECODABLE(FailureCategory.INPUT, false, 0xC000, 422),
    NOT_ELIGIBLE(FailureCategory.INPUT, false, 0xC000, 422),
    ADC_INCONSISTENT(FailureCategory.INPUT, false, 0xC000, 422),
    VOLUME_CONSTANT(FailureCategory.INPUT, false, 0xC000, 422),
    VOLUME_NOT_FINITE(FailureCategory.INPUT, false, 0xC000, 422),

    // Network
    UNKNOWN_AE(FailureCategory.PEER, false, 0x0124, 403),
    PROTOCOL_VIOLATION(FailureCategory.PEER, false, 0x0211, 400),
    ASSOCIATION_REJECTED(FailureCategory.PEER, false, 0x0110, 502),
    ASSOCIATION_ABORTED(FailureCategory.PEER, true, 0x0110, 502),
    PEER_UNREACHABLE(FailureCategory.EXTERNAL, true, 0x0110, 502),
    PEER_TIMEOUT(FailureCategory.EXTERNAL, true, 0x0110, 504),
    PEER_BUSY(FailureCategory.EXTERNAL, true, 0x0110, 503),
    PEER_REFUSED_INSTANCE(FailureCategory.EXTERNAL, false, 0x0110, 502),

    // HTTP
    UNAUTHENTICATED(FailureCategory.PEER, false, 0x0124, 401),
    FORBIDDEN(FailureCategory.PEER, false, 0x0124, 403),
    TOO_MANY_ATTEMPTS(FailureCategory.PEER, true, 0x0124, 429),
    METHOD_NOT_ALLOWED(FailureCategory.PEER, false, 0x0211, 405),
    REQUEST_TOO_LARGE(FailureCategory.INPUT, false, 0xC000, 413),
    UNSUPPORTED_MEDIA_TYPE(FailureCategory.INPUT, false, 0xC000, 415),

    // Node resources
    STORAGE_FULL(FailureCategory.RESOURCE, true, 0xA700, 507),
    STORAGE_FAILED(FailureCategory.RESOURCE, true, 0xA700, 500),
    INDEX_NOT_SYNCED(FailureCategory.RESOURCE, true, 0xA700, 503),
    PORT_IN_USE(FailureCategory.RESOURCE, true, 0xA700, 503),
    DATA_DIR_LOCKED(FailureCategory.RESOURCE, true, 0xA700, 503),
    STUDY_TOO_LARGE(FailureCategory.RESOURCE, false, 0xA700, 413),
    BUSY(FailureCategory.RESOURCE, true, 0xA700, 503),
    WORKER_LOST(FailureCategory.RESOURCE, false, 0x0110, 500),
    PLATFORM_UNSUPPORTED(FailureCategory.RESOURCE, false, 0x0110, 500),

    // Models
    MODEL_PACKAGE_INVALID(FailureCategory.INPUT, false, 0xC000, 422),
    MODEL_DIGEST_MISMATCH(FailureCategory.INPUT, false, 0xC000, 422),
    MODEL_IO_MISMATCH(FailureCategory.INPUT, false, 0xC000, 422),
    MODEL_NOT_FOUND(FailureCategory.INPUT, false, 0xC000, 404),
    MODEL_OUTPUT_INVALID(FailureCategory.INTERNAL, false, 0x0110, 500),
    KNOWN_ANSWER_BROKEN(FailureCategory.INTERNAL, false, 0x0110, 503),
    INFERENCE_FAILED(FailureCategory.INTERNAL, false, 0x0110, 500),
    INFERENCE_TIMEOUT(FailureCategory.RESOURCE, true, 0x0110, 504),

    // Records
    NOT_FOUND(FailureCategory.INPUT, false, 0x0112, 404),
    INPUT_GONE(FailureCategory.INPUT, false, 0x0112, 410),
    CASE_DISCARDED(FailureCategory.INPUT, false, 0xC000, 409),
    LABEL_INVALID(FailureCategory.INPUT, false, 0xC000, 422),
    LABEL_CONTRADICTORY(FailureCategory.INPUT, false, 0xC000, 422),
    LABEL_IN_FUTURE(FailureCategory.INPUT, false, 0xC000, 422),
    LABEL_BEFORE_STUDY(FailureCategory.INPUT, false, 0xC000, 422),
    LABEL_AFTER_TREATMENT(FailureCategory.INPUT, false, 0xC000, 422),
    REVIEW_INVALID(FailureCategory.INPUT, false, 0xC000, 422),
    REVIEW_SUPERSEDED(FailureCategory.INPUT, false, 0xC000, 409),
    PREDICTION_SUPERSEDED(FailureCategory.INPUT, false, 0xC000, 409),
    CLINICAL_CONTEXT_INVALID(FailureCategory.INPUT, false, 0xC000, 422),
    CLINICAL_CONTEXT_SUPERSEDED(FailureCategory.INPUT, false, 0xC000, 409),
    INVALID_ARGUMENT(FailureCategory.INPUT, false, 0xC000, 400),
    CONFIGURATION_INVALID(FailureCategory.INPUT, false, 0xC000, 400),
    DATABASE_UNAVAILABLE(FailureCategory.EXTERNAL, true, 0xA700, 503),
    INTERNAL_ERROR(FailureCategory.INTERNAL, false, 0x0110, 500);

    /** What a study's own content forbids. */
    private static final Set<FailureCode> REFUSALS = EnumSet.of(
            MISSING_SLICE,
            MIXED_ORIENTATION,
            GEOMETRY_MISSING,
            DUPLICATE_SLICE,
            UNEVEN_SLICES,
            MIXED_GRID,
            MIXED_FRAME_OF_REFERENCE,
            PATIENT_CONFLICT,
            SOP_INSTANCE_CONFLICT,
            PIXELS_NOT_DECODABLE,
            UNSUPPORTED_TRANSFER_SYNTAX,
            NOT_ELIGIBLE,
            ADC_INCONSISTENT,
            VOLUME_CONSTANT,
            VOLUME_NOT_FINITE);

    private final FailureCategory category;
    private final boolean retryable;
    private final int dimseStatus;
    private final int httpStatus;

    FailureCode(FailureCategory category, boolean retryable, int dimseStatus, int httpStatus) {
        this.category = category;
        this.retryable = retryable;
        this.dimseStatus = dimseStatus;
        this.httpStatus = httpStatus;
    }

    public FailureCategory category() {
        return category;
    }

    /** Whether the same request may succeed later without a change by the one who asked. */
    public boolean retryable() {
        return retryable;
    }

    /**
     * Whether a study that meets this is answered with a refusal: its content forbids a result, and nobody has to look for
     * a defect. Everything else is a failure.
     */
    public boolean isRefusal() {
        return REFUSALS.contains(this);
    }

    /** Status (0000,0900) for a DIMSE response. */
    public int dimseStatus() {
        return dimseStatus;
    }

    public int httpStatus() {
        return httpStatus;
    }
}
