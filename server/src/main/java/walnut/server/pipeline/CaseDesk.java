package walnut.server.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.CaseOperations;
import walnut.server.api.NamedReason;
import walnut.server.database.CaseTable;
import walnut.server.database.CaseTable.Requeued;
import walnut.server.database.PredictionTable;
import walnut.server.database.StoredCase;

/** Lets cases run again, and puts them aside. */
public final class CaseDesk implements CaseOperations {
    private static final int AT_ONCE = 200;

    private final CaseTable cases;
    private final PredictionTable predictions;
    private final Function<StoredCase, Optional<String>> equalPrediction;
    private final Runnable wake;

    /**
     * @param equalPrediction the prediction that running the case now would give again; where nobody can say, the run will
     * @param wake called when a case is due at once
     */
    public CaseDesk(
            CaseTable cases,
            PredictionTable predictions,
            Function<StoredCase, Optional<String>> equalPrediction,
            Runnable wake) {
        this.cases = cases;
        this.predictions = predictions;
        this.equalPrediction = equalPrediction;
        this.wake = wake;
    }

    @Override
    public RunAgain reprocess(String caseId) {
        StoredCase stored = cases.find(caseId).orElseThrow(() -> unknown(caseId));
        @Nullable String equal = equalOfFinished(stored);
        if (equal != null) {
            return new RunAgain(caseId, Result.UNCHANGED, equal);
        }
        Requeued requeued = cases.requeue(caseId).orElseThrow(() -> unknown(caseId));
        switch (requeued) {
            case DISCARDED:
                throw new WalnutException(
                        FailureCode.CASE_DISCARDED, "the case is put aside: take it up again, it runs then");
            case INPUT_GONE:
                throw new WalnutException(
                        FailureCode.INPUT_GONE,
                        "the images of this case are not stored any more; send the study again");
            case WAITING_ALREADY:
                return new RunAgain(caseId, Result.WAITING_ALREADY, null);
            default:
                wake.run();
                return new RunAgain(caseId, Result.QUEUED, null);
        }
    }

    private @Nullable String equalOfFinished(StoredCase stored) {
        boolean finished = stored.state() == walnut.server.database.CaseState.DONE
                && stored.discard() == null
                && stored.inputsRemovedAt() == null
                && stored.instanceCount() > 0;
        return finished ? equalPrediction.apply(stored).orElse(null) : null;
    }

    @Override
    public Receipt reprocess(Selection selection) {
        int[] queued = new int[Requeued.values().length];
        int unchanged = 0;
        String before = null;
        List<StoredCase> page;
        do {
            page = cases.newest(selection.studyInstanceUid().orElse(null), null, before, AT_ONCE);
            for (StoredCase stored : page) {
                before = stored.caseId();
                if (!isSelected(stored, selection)) {
                    continue;
                }
                if (equalOfFinished(stored) != null) {
                    unchanged++;
                } else {
                    cases.requeue(stored.caseId()).ifPresent(requeued -> queued[requeued.ordinal()]++);
                }
            }
        } while (page.size() == AT_ONCE);
        if (before == null && selection.studyInstanceUid().isPresent()) {
            throw new WalnutException(
                    FailureCode.NOT_FOUND, "no study of this StudyInstanceUID is stored here; send it, it runs then");
        }
        wake.run();
        return new Receipt(
                queued[Requeued.QUEUED.ordinal()],
                unchanged,
                queued[Requeued.WAITING_ALREADY.ordinal()],
                queued[Requeued.DISCARDED.ordinal()],
                queued[Requeued.INPUT_GONE.ordinal()]);
    }

    private boolean isSelected(StoredCase stored, Selection selection) {
        boolean recent = selection
                .since()
                .map(since -> !stored.lastReceivedAt().isBefore(since))
                .orElse(true);
        return recent
                && selection
                        .modelId()
                        .map(model -> predictions
                                .latestOf(stored.caseId())
                                .filter(latest -> latest.modelId().equals(model))
                                .isPresent())
                        .orElse(true);
    }

    @Override
    public void discard(String caseId, NamedReason reason) {
        if (!cases.discard(caseId, reason.actor(), reason.reason())) {
            throw cases.find(caseId).isEmpty()
                    ? unknown(caseId)
                    : new WalnutException(FailureCode.CASE_DISCARDED, "the case is put aside already");
        }
    }

    @Override
    public void takeUpAgain(String caseId) {
        if (!cases.takeUpAgain(caseId)) {
            throw new WalnutException(FailureCode.NOT_FOUND, "no case " + caseId + " is put aside");
        }
        wake.run();
    }

    private static WalnutException unknown(String caseId) {
        return new WalnutException(FailureCode.NOT_FOUND, "there is no case " + caseId);
    }
}
