package walnut.server.database;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

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

    /** How many replays of one model's predictions came out how. */
    public Map<String, Long> countByVerdict(String modelId) {
        return database.read().withHandle(handle -> {
            Map<String, Long> counts = new TreeMap<>();
            handle.createQuery("select r.verdict, count(*) as n from replay r join prediction p"
                            + " on p.prediction_id = r.prediction_id where p.model_id = :model group by r.verdict")
                    .bind("model", modelId)
                    .map((row, context) -> Map.entry(row.getString("verdict"), row.getLong("n")))
                    .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
            return counts;
        });
    }
}
