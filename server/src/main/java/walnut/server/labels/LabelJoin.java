package walnut.server.labels;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import walnut.server.api.DicomDate;
import walnut.server.database.CaseState;
import walnut.server.database.CaseTable;
import walnut.server.database.PredictionTable;
import walnut.server.database.StoredCase;
import walnut.server.database.StoredLabel;

/**
 * Finds the case that a label belongs to. A label that names a study belongs to that study's one case; one that names a
 * patient belongs to the patient's last study that a model completed in the {@value #WINDOW_DAYS} days before it was
 * sampled. None, or a tie, gives no case: the label is then an orphan. So is it while nobody has read of what day the named
 * study is: its images are still coming.
 */
final class LabelJoin {
    private static final int WINDOW_DAYS = 180;

    private final CaseTable cases;
    private final PredictionTable predictions;

    LabelJoin(CaseTable cases, PredictionTable predictions) {
        this.cases = cases;
        this.predictions = predictions;
    }

    Optional<StoredCase> caseOf(StoredLabel label) {
        return Optional.ofNullable(casesOf(List.of(label)).get(label.labelId()));
    }

    /** By the label's id; labels without a case are absent. */
    Map<String, StoredCase> casesOf(List<StoredLabel> labels) {
        Map<String, List<StoredCase>> ofStudies = cases.ofStudies(labels.stream()
                .flatMap(label -> Optional.ofNullable(label.studyInstanceUid()).stream())
                .collect(Collectors.toSet()));
        Map<String, StoredCase> found = new HashMap<>();
        for (StoredLabel label : labels) {
            caseOf(label, ofStudies).ifPresent(stored -> found.put(label.labelId(), stored));
        }
        return found;
    }

    private Optional<StoredCase> caseOf(StoredLabel label, Map<String, List<StoredCase>> ofStudies) {
        String study = label.studyInstanceUid();
        if (study != null) {
            List<StoredCase> found = ofStudies.getOrDefault(study, List.of());
            return found.size() == 1 && isRead(found.get(0)) ? Optional.of(found.get(0)) : Optional.empty();
        }
        String patient = label.patientId();
        if (patient == null) {
            return Optional.empty();
        }
        String issuer = label.issuerOfPatientId();
        List<StoredCase> eligible = cases.ofPatient(issuer == null ? "" : issuer, patient).stream()
                .filter(candidate -> inWindow(candidate, label.sampledOn()))
                .filter(candidate -> predictions
                        .latestOf(candidate.caseId())
                        .filter(prediction -> prediction.outcome().equals("COMPLETED"))
                        .isPresent())
                .toList();
        return lastOf(eligible);
    }

    private static boolean isRead(StoredCase found) {
        return found.studyDate() != null || found.state() == CaseState.DONE;
    }

    private static Optional<StoredCase> lastOf(List<StoredCase> eligible) {
        Optional<LocalDate> last =
                eligible.stream().flatMap(found -> studyDay(found).stream()).max(Comparator.naturalOrder());
        List<StoredCase> onLastDay =
                eligible.stream().filter(found -> studyDay(found).equals(last)).toList();
        return onLastDay.size() == 1 ? Optional.of(onLastDay.get(0)) : Optional.empty();
    }

    private static boolean inWindow(StoredCase candidate, LocalDate sampledOn) {
        return studyDay(candidate)
                .filter(day ->
                        !day.isAfter(sampledOn) && !day.plusDays(WINDOW_DAYS).isBefore(sampledOn))
                .isPresent();
    }

    private static Optional<LocalDate> studyDay(StoredCase candidate) {
        return DicomDate.day(candidate.studyDate());
    }
}
