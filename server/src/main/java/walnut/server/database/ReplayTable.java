package walnut.server.database;

import java.time.Instant;

/** What came of running stored predictions again. */
public final class ReplayTable {
    private final Database database;

    public ReplayTable(Database database) {
        this.database = database;
    }

    /** @param verdict BITWISE, WITHIN_TOLERANCE, DIFFERENT or INPUT_GONE */
    public void add(String replayId, String predictionId, String verdict, String document, Instant at) {
        database.write()
                .useHandle(handle -> handle.createUpdate("insert into replay (replay_id, prediction_id, verdict,"
                                + " document, created_at) values (:id, :prediction, :verdict, :document, :at)")
                        .bind("id", replayId)
                        .bind("prediction", predictionId)
                        .bind("verdict", verdict)
                        .bind("document", document)
                        .bind("at", Microseconds.of(at))
                        .execute());
    }

    public long count(String verdict) {
        return database.read()
                .withHandle(handle -> handle.createQuery("select count(*) from replay where verdict = :verdict")
                        .bind("verdict", verdict)
                        .mapTo(Long.class)
                        .one());
    }
}
