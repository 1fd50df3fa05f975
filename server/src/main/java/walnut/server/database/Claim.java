package walnut.server.database;

/**
 * A case in somebody's hands until the lease ends.
 *
 * @param holder unique to this claim, so that a worker who lost it cannot close what another one holds by now
 * @param attempt 1 for the first since images came last
 */
public record Claim(StoredCase stored, String holder, int attempt) {

    public String caseId() {
        return stored.caseId();
    }
}
