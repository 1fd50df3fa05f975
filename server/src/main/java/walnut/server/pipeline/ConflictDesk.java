package walnut.server.pipeline;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import walnut.server.api.Conflicts;
import walnut.server.api.NamedReason;
import walnut.server.database.DatabaseInstanceIndex;

/** The contents that wait for an operator's choice. */
public final class ConflictDesk implements Conflicts {
    private final DatabaseInstanceIndex index;

    public ConflictDesk(DatabaseInstanceIndex index) {
        this.index = index;
    }

    @Override
    public List<Conflict> conflicts() {
        return index.conflicts().stream()
                .map(uid -> new Conflict(
                        uid,
                        index.standing(uid).stream()
                                .map(one -> new Content(
                                        one.datasetSha256(),
                                        one.studyInstanceUid(),
                                        Instant.EPOCH.plus(one.receivedAt(), ChronoUnit.MICROS),
                                        one.callingAeTitle(),
                                        one.file()))
                                .toList()))
                .toList();
    }

    @Override
    public void choose(String sopInstanceUid, String datasetSha256, NamedReason reason) {
        index.choose(sopInstanceUid, datasetSha256, reason.actor(), reason.reason());
    }
}
