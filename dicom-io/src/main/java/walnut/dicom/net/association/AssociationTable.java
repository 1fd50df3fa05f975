package walnut.dicom.net.association;

import static walnut.dicom.net.association.AssociationAction.*;
import static walnut.dicom.net.association.AssociationEvent.*;
import static walnut.dicom.net.association.AssociationState.*;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * PS3.8 Table 9-10: (state, event) → action.
 *
 * <p>Whatever a peer may do has an entry; a pair without one can only come from our own code.
 */
public final class AssociationTable {
    /** Established or being released: where a peer's misbehaviour has one answer. */
    private static final Set<AssociationState> FROM_STA5 = EnumSet.range(STA5, STA12);

    private static final Set<AssociationState> FROM_STA6 = EnumSet.range(STA6, STA12);

    private static final Map<AssociationEvent, Map<AssociationState, AssociationAction>> ACTIONS = table();

    private AssociationTable() {}

    /** The action for an event in a state; empty where the standard's cell is empty. */
    public static Optional<AssociationAction> action(AssociationState state, AssociationEvent event) {
        return Optional.ofNullable(ACTIONS.getOrDefault(event, Map.of()).get(state));
    }

    private static Map<AssociationEvent, Map<AssociationState, AssociationAction>> table() {
        Rows rows = new Rows();
        rows.on(A_ASSOCIATE_REQUEST_PRIMITIVE).in(STA1, AE_1);
        rows.on(TRANSPORT_CONNECTION_CONFIRMED).in(STA4, AE_2);
        rows.on(A_ASSOCIATE_AC_RECEIVED)
                .in(STA2, AA_1)
                .in(STA3, AA_8)
                .in(STA5, AE_3)
                .in(FROM_STA6, AA_8)
                .in(STA13, AA_6);
        rows.on(A_ASSOCIATE_RJ_RECEIVED)
                .in(STA2, AA_1)
                .in(STA3, AA_8)
                .in(STA5, AE_4)
                .in(FROM_STA6, AA_8)
                .in(STA13, AA_6);
        rows.on(TRANSPORT_CONNECTION_INDICATED).in(STA1, AE_5);
        rows.on(A_ASSOCIATE_RQ_RECEIVED)
                .in(STA2, AE_6)
                .in(STA3, AA_8)
                .in(FROM_STA5, AA_8)
                .in(STA13, AA_7);
        rows.on(A_ASSOCIATE_RESPONSE_ACCEPT).in(STA3, AE_7);
        rows.on(A_ASSOCIATE_RESPONSE_REJECT).in(STA3, AE_8);
        rows.on(P_DATA_REQUEST_PRIMITIVE).in(STA6, DT_1).in(STA8, AR_7);
        rows.on(P_DATA_TF_RECEIVED)
                .in(STA2, AA_1)
                .in(STA3, AA_8)
                .in(STA5, AA_8)
                .in(STA6, DT_2)
                .in(STA7, AR_6)
                .in(EnumSet.range(STA8, STA12), AA_8)
                .in(STA13, AA_6);
        rows.on(A_RELEASE_REQUEST_PRIMITIVE).in(STA6, AR_1);
        rows.on(A_RELEASE_RQ_RECEIVED)
                .in(STA2, AA_1)
                .in(STA3, AA_8)
                .in(STA5, AA_8)
                .in(STA6, AR_2)
                .in(STA7, AR_8)
                .in(EnumSet.range(STA8, STA12), AA_8)
                .in(STA13, AA_6);
        rows.on(A_RELEASE_RP_RECEIVED)
                .in(STA2, AA_1)
                .in(STA3, AA_8)
                .in(STA5, AA_8)
                .in(STA6, AA_8)
                .in(STA7, AR_3)
                .in(STA8, AA_8)
                .in(STA9, AA_8)
                .in(STA10, AR_10)
                .in(STA11, AR_3)
                .in(STA12, AA_8)
                .in(STA13, AA_6);
        rows.on(A_RELEASE_RESPONSE_PRIMITIVE).in(STA8, AR_4).in(STA9, AR_9).in(STA12, AR_4);
        rows.on(A_ABORT_REQUEST_PRIMITIVE).in(STA3, AA_1).in(STA4, AA_2).in(FROM_STA5, AA_1);
        rows.on(A_ABORT_RECEIVED)
                .in(STA2, AA_2)
                .in(STA3, AA_3)
                .in(FROM_STA5, AA_3)
                .in(STA13, AA_2);
        rows.on(TRANSPORT_CONNECTION_CLOSED)
                .in(STA2, AA_5)
                .in(STA3, AA_4)
                .in(STA4, AA_4)
                .in(FROM_STA5, AA_4)
                .in(STA13, AR_5);
        rows.on(ARTIM_EXPIRED).in(STA2, AA_2).in(STA13, AA_2);
        rows.on(INVALID_PDU_RECEIVED)
                .in(STA2, AA_1)
                .in(STA3, AA_8)
                .in(FROM_STA5, AA_8)
                .in(STA13, AA_7);
        return rows.actions;
    }

    /** Writes the table row by row; a cell written twice is a slip. */
    private static final class Rows {
        private final Map<AssociationEvent, Map<AssociationState, AssociationAction>> actions =
                new EnumMap<>(AssociationEvent.class);

        Row on(AssociationEvent event) {
            Row row = new Row();
            actions.put(event, row.cells);
            return row;
        }
    }

    private static final class Row {
        private final Map<AssociationState, AssociationAction> cells = new EnumMap<>(AssociationState.class);

        Row in(AssociationState state, AssociationAction action) {
            return in(EnumSet.of(state), action);
        }

        Row in(Set<AssociationState> states, AssociationAction action) {
            for (AssociationState state : states) {
                if (cells.put(state, action) != null) {
                    throw new IllegalStateException("two actions in " + state + ": " + action);
                }
            }
            return this;
        }
    }
}
