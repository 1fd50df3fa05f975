package walnut.server.labels;

import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import walnut.server.api.LabelIntake;
import walnut.server.api.LabelKind;
import walnut.server.api.LabelPage;
import walnut.server.api.LabelReceipt;
import walnut.server.api.LabelRecord;
import walnut.server.api.LabelSubmission;
import walnut.server.context.ContextStore;
import walnut.server.database.CaseTable;
import walnut.server.database.Ids;
import walnut.server.database.LabelTable;
import walnut.server.database.PredictionTable;
import walnut.server.database.StoredCase;
import walnut.server.database.StoredLabel;

/** Takes labels in. Good rows are kept whatever the bad ones are; a label without a case is kept as an orphan. */
public final class LabelDesk implements LabelIntake {
    private final LabelTable labels;
    private final LabelJoin join;
    private final LabelRules rules;
    private final Clock clock;
    private final Ids ids;

    public LabelDesk(
            LabelTable labels,
            CaseTable cases,
            PredictionTable predictions,
            ContextStore contexts,
            Clock clock,
            ZoneId siteZone,
            Ids ids) {
        this.labels = labels;
        this.join = new LabelJoin(cases, predictions);
        this.rules = new LabelRules(labels, contexts, clock, siteZone);
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public LabelReceipt receive(List<LabelSubmission> submissions) {
        List<LabelReceipt.Rejection> rejected = new ArrayList<>();
        Map<LabelSubmission, StoredLabel> readable = new LinkedHashMap<>();
        for (LabelSubmission submission : submissions) {
            rules.objectionTo(submission)
                    .ifPresentOrElse(
                            objection -> rejected.add(rejection(submission, objection)),
                            () -> readable.put(submission, stored(submission)));
        }
        Map<String, StoredCase> cases = join.casesOf(List.copyOf(readable.values()));
        readable.replaceAll((submission, label) -> {
            StoredCase found = cases.get(label.labelId());
            return found == null ? label : label.joinedTo(found.caseId());
        });
        List<StoredLabel> good = new ArrayList<>();
        readable.forEach((submission, label) -> Optional.ofNullable(cases.get(label.labelId()))
                .flatMap(found -> rules.objectionToJoining(label, found, readable.values()))
                .ifPresentOrElse(objection -> rejected.add(rejection(submission, objection)), () -> good.add(label)));
        Set<String> added = labels.addAll(good);
        int joined = (int) good.stream()
                .filter(label -> added.contains(label.labelId()) && !label.orphan())
                .count();
        int orphaned = added.size() - joined;
        return new LabelReceipt(added.size(), joined, orphaned, good.size() - added.size(), rejected);
    }

    private static LabelReceipt.Rejection rejection(LabelSubmission submission, LabelRules.Objection objection) {
        return new LabelReceipt.Rejection(submission.row(), objection.code().name(), objection.detail());
    }

    /**
     * Looks again for the labels that came before this study. One that it may not have stays an orphan, with the code of the
     * rule, and is looked at again with the next study of the patient or the next run of the case.
     *
     * @return how many were joined
     */
    public int retryOrphansOf(StoredCase stored) {
        int joined = 0;
        // A prostatectomy first, so that what was sampled after it is seen to be.
        for (StoredLabel orphan : labels.orphansOf(stored).stream()
                .sorted(Comparator.comparing((StoredLabel label) -> LabelKind.valueOf(label.kind())))
                .toList()) {
            Optional<StoredCase> found = join.caseOf(orphan);
            if (found.isEmpty()) {
                continue;
            }
            Optional<LabelRules.Objection> objection = rules.objectionToJoining(orphan, found.orElseThrow(), List.of());
            if (objection.isPresent()) {
                labels.refuse(orphan.labelId(), objection.orElseThrow().code());
            } else {
                labels.join(orphan.labelId(), found.orElseThrow().caseId());
                joined++;
            }
        }
        return joined;
    }

    private StoredLabel stored(LabelSubmission submission) {
        Integer isup = submission.isup();
        Boolean csPca =
                isup == null ? submission.csPca() : Boolean.valueOf(isup >= LabelRules.CLINICALLY_SIGNIFICANT_ISUP);
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
                clock.instant(),
                null);
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
                label.source(),
                label.refusal());
    }
}
