package walnut.server.pipeline;

import walnut.server.database.StoredCase;
import walnut.server.database.StoredPrediction;

/** Told of every case that has its outcome, after that is stored. Called on the worker's thread. */
public interface CaseListener {

    void finished(StoredCase stored, CaseOutcome outcome, StoredPrediction prediction);
}
