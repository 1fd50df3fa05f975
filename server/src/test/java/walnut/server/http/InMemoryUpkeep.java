package walnut.server.http;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.CaseOperations;
import walnut.server.api.Conflicts;
import walnut.server.api.NamedReason;
import walnut.server.api.Storage;
import walnut.server.api.Upkeep;

/** A node of one case, one conflict and a disk that fills by a thousand bytes a day. */
final class InMemoryUpkeep implements CaseOperations, Conflicts, Storage {
    static final String CONFLICT = "2.25.42";

    private final String caseId;

    private InMemoryUpkeep(String caseId) {
        this.caseId = caseId;
    }

    static Upkeep of(String caseId) {
        InMemoryUpkeep all = new InMemoryUpkeep(caseId);
        return new Upkeep(all, all, all);
    }

    @Override
    public RunAgain reprocess(String asked) {
        require(asked);
        return new RunAgain(asked, Result.UNCHANGED, "p1");
    }

    @Override
    public Receipt reprocess(Selection selection) {
        return new Receipt(1, 2, 3, 4, 5);
    }

    @Override
    public void discard(String asked, NamedReason reason) {
        require(asked);
    }

    @Override
    public void takeUpAgain(String asked) {
        require(asked);
    }

    private void require(String asked) {
        if (!asked.equals(caseId)) {
            throw new WalnutException(FailureCode.NOT_FOUND, "there is no case " + asked);
        }
    }

    @Override
    public List<Conflict> conflicts() {
        Content content = new Content("ab".repeat(32), "2.25.1", Instant.EPOCH, "SENDER", "instances/20260101/1.dcm");
        return List.of(new Conflict(CONFLICT, List.of(content)));
    }

    @Override
    public void choose(String sopInstanceUid, String datasetSha256, NamedReason reason) {
        if (!sopInstanceUid.equals(CONFLICT)) {
            throw new WalnutException(FailureCode.NOT_FOUND, "no such content stands under this SOP Instance UID");
        }
    }

    @Override
    public Report report() {
        return new Report(
                1_000_000,
                10_000,
                5_000,
                500_000,
                50,
                List.of(new Day(LocalDate.EPOCH, 1000)),
                new Forecast(LocalDate.EPOCH.plusDays(10), null, 1000.0, 3),
                new Retention(90, null, null));
    }

    @Override
    public Sweep sweep(boolean dryRun) {
        return new Sweep(dryRun, 1, 10, 1000, List.of(caseId));
    }
}
