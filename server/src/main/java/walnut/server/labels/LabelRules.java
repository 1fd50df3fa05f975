package walnut.server.labels;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Optional;
import walnut.failure.FailureCode;
import walnut.prostate.eligibility.EnteredContext;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.api.DicomDate;
import walnut.server.api.LabelKind;
import walnut.server.api.LabelSubmission;
import walnut.server.context.ContextStore;
import walnut.server.database.LabelTable;
import walnut.server.database.StoredCase;
import walnut.server.database.StoredLabel;

/**
 * What speaks against a label: in itself, and against joining it to a case. The second is asked whenever a label finds its
 * case, at once or years later.
 */
final class LabelRules {
    static final int CLINICALLY_SIGNIFICANT_ISUP = 2;

    private final LabelTable labels;
    private final ContextStore contexts;
    private final Clock clock;
    private final ZoneId siteZone;

    LabelRules(LabelTable labels, ContextStore contexts, Clock clock, ZoneId siteZone) {
        this.labels = labels;
        this.contexts = contexts;
        this.clock = clock;
        this.siteZone = siteZone;
    }

    /** @param detail says what to do */
    record Objection(FailureCode code, String detail) {}

    Optional<Objection> objectionTo(LabelSubmission submission) {
        LocalDate today = LocalDate.now(clock.withZone(siteZone));
        if (submission.sampledOn().isAfter(today)) {
            return Optional.of(new Objection(
                    FailureCode.LABEL_IN_FUTURE, "sampledOn lies in the future: mend the date and hand it in again"));
        }
        Integer isup = submission.isup();
        Boolean csPca = submission.csPca();
        if (isup != null && csPca != null && csPca != (isup >= CLINICALLY_SIGNIFICANT_ISUP)) {
            return Optional.of(new Objection(
                    FailureCode.LABEL_CONTRADICTORY, "isup and csPca contradict each other: csPca is ISUP 2 or above"));
        }
        return Optional.empty();
    }

    /**
     * Tissue taken before the images were is no answer to them. What is taken after a treatment says nothing of what they
     * showed before it; a specimen of the prostatectomy itself is the treatment.
     *
     * @param together labels that are being stored with this one
     */
    Optional<Objection> objectionToJoining(StoredLabel label, StoredCase found, Collection<StoredLabel> together) {
        Optional<LocalDate> studyDay = DicomDate.day(found.studyDate());
        if (studyDay.filter(label.sampledOn()::isBefore).isPresent()) {
            return Optional.of(new Objection(
                    FailureCode.LABEL_BEFORE_STUDY,
                    "sampledOn lies before the study: name the study that came before it, or enter it as the biopsy of"
                            + " this case's clinical context"));
        }
        if (isProstatectomy(label)) {
            return Optional.empty();
        }
        boolean treatedBefore = contexts.newestOf(found.caseId())
                .map(ClinicalContextRecord::context)
                .map(EnteredContext::treatment)
                .filter(treatment -> treatment != EnteredContext.Treatment.NONE)
                .isPresent();
        if (treatedBefore) {
            return Optional.of(new Objection(
                    FailureCode.LABEL_AFTER_TREATMENT,
                    "the clinical context of this case says that the patient was treated before the study: mend the"
                            + " context, or leave the label out"));
        }
        return firstProstatectomy(found.caseId(), together)
                .filter(label.sampledOn()::isAfter)
                .map(operation -> new Objection(
                        FailureCode.LABEL_AFTER_TREATMENT,
                        "sampledOn lies after this case's prostatectomy: mend the date, or leave the label out"));
    }

    private Optional<LocalDate> firstProstatectomy(String caseId, Collection<StoredLabel> together) {
        Optional<LocalDate> stored = labels.firstProstatectomy(caseId);
        Optional<LocalDate> coming = together.stream()
                .filter(label -> isProstatectomy(label) && caseId.equals(label.caseId()))
                .map(StoredLabel::sampledOn)
                .min(LocalDate::compareTo);
        return stored.filter(day -> coming.filter(day::isAfter).isEmpty()).or(() -> coming);
    }

    private static boolean isProstatectomy(StoredLabel label) {
        return label.kind().equals(LabelKind.PROSTATECTOMY.name());
    }
}
