package walnut.server.labels;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.server.api.LabelIntake;
import walnut.server.api.LabelKind;
import walnut.server.api.LabelPage;
import walnut.server.api.LabelReceipt;
import walnut.server.api.LabelRecord;
import walnut.server.api.LabelSubmission;
import walnut.server.database.CaseTable;
import walnut.server.database.Ids;
import walnut.server.database.LabelTable;
import walnut.server.database.PredictionTable;
import walnut.server.database.StoredCase;
import walnut.server.database.StoredLabel;

/** Takes labels in. Good rows are kept whatever the bad ones are; a label without a case is kept as an orphan. */
public final class LabelDesk implements LabelIntake {
    private static final int CLINICALLY_SIGNIFICANT_ISUP = 2;

    private final LabelTable labels;
    private final LabelJoin join;
    private final Clock clock;
    private final ZoneId siteZone;
    private final Ids ids;

    public LabelDesk(
            LabelTable labels, CaseTable cases, PredictionTable predictions, Clock clock, ZoneId siteZone, Ids ids) {
        this.labels = labels;
        this.join = new LabelJoin(cases, predictions);
        this.clock = clock;
        this.siteZone = siteZone;
        this.ids = ids;
    }

    @Override
    public LabelReceipt receive(List<LabelSubmission> submissions) {
        int joined = 0;
        int orphaned = 0;
        int duplicates = 0;
        List<LabelReceipt.Rejection> rejected = new ArrayList<>();
        for (LabelSubmission submission : submissions) {
            Optional<String> objection = objectionTo(submission);
            if (objection.isPresent()) {
                rejected.add(new LabelReceipt.Rejection(
                        submission.row(), FailureCode.LABEL_INVALID.name(), objection.orElseThrow()));
                continue;
            }
            StoredLabel label = withCase(stored(submission));
            if (!labels.add(label)) {
                duplicates++;
            } else if (label.orphan()) {
                orphaned++;
            } else {
                joined++;
            }
        }
        return new LabelReceipt(joined + orphaned, joined, orphaned, duplicates, rejected);
    }

    /** Looks again for the labels that came before this study. Returns how many were found. */
    public int retryOrphansOf(StoredCase stored) {
        int found = 0;
        for (StoredLabel orphan : labels.orphansOf(stored)) {
            Optional<String> caseId = join.caseOf(orphan);
            if (caseId.isPresent()) {
                labels.join(orphan.labelId(), caseId.orElseThrow());
                found++;
            }
        }
        return found;
    }

    private Optional<String> objectionTo(LabelSubmission submission) {
        LocalDate today = LocalDate.now(clock.withZone(siteZone));
        if (submission.sampledOn().isAfter(today)) {
            return Optional.of("sampledOn lies in the future");
        }
        Integer isup = submission.isup();
        Boolean csPca = submission.csPca();
        if (isup != null && csPca != null && csPca != (isup >= CLINICALLY_SIGNIFICANT_ISUP)) {
            return Optional.of("isup and csPca contradict each other: csPca is ISUP 2 or above");
        }
        return Optional.empty();
    }

    private StoredLabel stored(LabelSubmission submission) {
        Integer isup = submission.isup();
        Boolean csPca = isup == null ? submission.csPca() : Boolean.valueOf(isup >= CLINICALLY_SIGNIFICANT_ISUP);
        return new StoredLabel(
                ids.next(),
                submission.studyInstanceUid(),
                submission.patientId(),
                submission.issuerOfPatientId(),
                submission.kind().name(),
                isup,
                csPca,
                submission.piRads(),
                submission.sampledOn(),
                submission.source(),
                null,
                clock.instant());
    }

    private StoredLabel withCase(StoredLabel label) {
        return join.caseOf(label).map(label::joinedTo).orElse(label);
    }

    @Override
    public LabelPage labels(@Nullable String caseId, @Nullable String before, int limit) {
        List<StoredLabel> found = labels.newest(caseId, before, limit + 1);
        List<LabelRecord> shown =
                found.stream().limit(limit).map(LabelDesk::shown).toList();
        String next = found.size() > limit ? shown.get(shown.size() - 1).labelId() : null;
        return new LabelPage(shown, next);
    }

    private static LabelRecord shown(StoredLabel label) {
        return new LabelRecord(
                label.labelId(),
                label.caseId(),
                LabelKind.valueOf(label.kind()),
                label.isup(),
                label.clinicallySignificant(),
                label.piRads(),
                label.sampledOn(),
                label.receivedAt(),
                label.source());
    }
}
