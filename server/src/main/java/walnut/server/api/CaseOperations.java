package walnut.server.api;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an operator does to cases; the caller notes who and why. Methods may block. */
public interface CaseOperations {

    /**
     * Lets a case run again, after everything that just came.
     *
     * @throws walnut.failure.WalnutException NOT_FOUND; CASE_DISCARDED while it is put aside; INPUT_GONE where its images
     *     are not stored any more
     */
    RunAgain reprocess(String caseId);

    /** Lets every case of a selection run again that can. */
    Receipt reprocess(Selection selection);

    /**
     * Puts a case aside: its images are kept, nothing is inferred on it, nothing of it leaves any more.
     *
     * @throws walnut.failure.WalnutException NOT_FOUND; CASE_DISCARDED where it is put aside already
     */
    void discard(String caseId, NamedReason reason);

    /** Takes a case up again that was put aside; it runs at once. NOT_FOUND where none is. */
    void takeUpAgain(String caseId);

    enum Result {
        QUEUED,
        /** Images, model, configuration and state are those of a prediction that is stored: nothing new would come of it. */
        UNCHANGED,
        /** It is waiting for its turn, or being worked on, anyway. */
        WAITING_ALREADY
    }

    /** @param predictionId the prediction that stands, where running again would give the same */
    record RunAgain(String caseId, Result result, @Nullable String predictionId) {}

    /**
     * Which cases; what is absent does not narrow it.
     *
     * @param since whose last image came at or after this
     * @param modelId whose newest prediction is of this model, in whichever version
     */
    record Selection(Optional<String> studyInstanceUid, Optional<Instant> since, Optional<String> modelId) {}

    /** How many cases of a selection went which way. */
    record Receipt(int queued, int unchanged, int waitingAlready, int discarded, int inputGone) {}
}
