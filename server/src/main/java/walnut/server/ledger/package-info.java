/**
 * The ledger: who looked at which case and who changed what, in a chain in which an edit, an insertion, a deletion, a
 * change of order and a cut at the end show. Names people and our own case ids, never a patient.
 *
 * <p>Must not know HTTP or SQL; entries are kept by whoever implements {@link walnut.server.ledger.LedgerStore}.
 */
@NullMarked
package walnut.server.ledger;

import org.jspecify.annotations.NullMarked;
