package walnut.server.database;

/** Where a case stands on its way through the corridor. */
public enum CaseState {
    /** Images are arriving, or the study is not whole yet. */
    RECEIVING,
    /** A worker has it; after a restart it becomes RECEIVING again. */
    RUNNING,
    /** It has an outcome; a late image opens it again. */
    DONE
}
