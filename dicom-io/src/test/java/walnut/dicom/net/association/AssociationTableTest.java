package walnut.dicom.net.association;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The whole grid, against the table typed a second time in the standard's own layout. */
class AssociationTableTest {
    /** PS3.8 Table 9-10: one row per event, one column per state STA1 to STA13, "-" for an empty cell. */
    private static final String TABLE_9_10 = """
            A_ASSOCIATE_REQUEST_PRIMITIVE   AE_1 -    -    -    -    -    -    -    -    -     -    -    -
            TRANSPORT_CONNECTION_CONFIRMED  -    -    -    AE_2 -    -    -    -    -    -     -    -    -
            A_ASSOCIATE_AC_RECEIVED         -    AA_1 AA_8 -    AE_3 AA_8 AA_8 AA_8 AA_8 AA_8  AA_8 AA_8 AA_6
            A_ASSOCIATE_RJ_RECEIVED         -    AA_1 AA_8 -    AE_4 AA_8 AA_8 AA_8 AA_8 AA_8  AA_8 AA_8 AA_6
            TRANSPORT_CONNECTION_INDICATED  AE_5 -    -    -    -    -    -    -    -    -     -    -    -
            A_ASSOCIATE_RQ_RECEIVED         -    AE_6 AA_8 -    AA_8 AA_8 AA_8 AA_8 AA_8 AA_8  AA_8 AA_8 AA_7
            A_ASSOCIATE_RESPONSE_ACCEPT     -    -    AE_7 -    -    -    -    -    -    -     -    -    -
            A_ASSOCIATE_RESPONSE_REJECT     -    -    AE_8 -    -    -    -    -    -    -     -    -    -
            P_DATA_REQUEST_PRIMITIVE        -    -    -    -    -    DT_1 -    AR_7 -    -     -    -    -
            P_DATA_TF_RECEIVED              -    AA_1 AA_8 -    AA_8 DT_2 AR_6 AA_8 AA_8 AA_8  AA_8 AA_8 AA_6
            A_RELEASE_REQUEST_PRIMITIVE     -    -    -    -    -    AR_1 -    -    -    -     -    -    -
            A_RELEASE_RQ_RECEIVED           -    AA_1 AA_8 -    AA_8 AR_2 AR_8 AA_8 AA_8 AA_8  AA_8 AA_8 AA_6
            A_RELEASE_RP_RECEIVED           -    AA_1 AA_8 -    AA_8 AA_8 AR_3 AA_8 AA_8 AR_10 AR_3 AA_8 AA_6
            A_RELEASE_RESPONSE_PRIMITIVE    -    -    -    -    -    -    -    AR_4 AR_9 -     -    AR_4 -
            A_ABORT_REQUEST_PRIMITIVE       -    -    AA_1 AA_2 AA_1 AA_1 AA_1 AA_1 AA_1 AA_1  AA_1 AA_1 -
            A_ABORT_RECEIVED                -    AA_2 AA_3 -    AA_3 AA_3 AA_3 AA_3 AA_3 AA_3  AA_3 AA_3 AA_2
            TRANSPORT_CONNECTION_CLOSED     -    AA_5 AA_4 AA_4 AA_4 AA_4 AA_4 AA_4 AA_4 AA_4  AA_4 AA_4 AR_5
            ARTIM_EXPIRED                   -    AA_2 -    -    -    -    -    -    -    -     -    -    AA_2
            INVALID_PDU_RECEIVED            -    AA_1 AA_8 -    AA_8 AA_8 AA_8 AA_8 AA_8 AA_8  AA_8 AA_8 AA_7
            """;

    @TestFactory
    Stream<DynamicTest> every_cell_of_the_grid() {
        List<String[]> rows =
                TABLE_9_10.lines().map(line -> line.trim().split("\\s+")).toList();
        assertThat(rows).hasSize(AssociationEvent.values().length);
        return rows.stream().flatMap(row -> Arrays.stream(AssociationState.values())
                .map(state -> DynamicTest.dynamicTest(row[0] + " in " + state, () -> {
                    String expected = row[1 + state.ordinal()];
                    assertThat(AssociationTable.action(state, AssociationEvent.valueOf(row[0]))
                                    .map(Enum::name)
                                    .orElse("-"))
                            .isEqualTo(expected);
                })));
    }

    @Test
    void whatever_a_peer_does_has_an_action_while_connected() {
        List<AssociationEvent> byThePeer = List.of(
                AssociationEvent.A_ASSOCIATE_AC_RECEIVED,
                AssociationEvent.A_ASSOCIATE_RJ_RECEIVED,
                AssociationEvent.A_ASSOCIATE_RQ_RECEIVED,
                AssociationEvent.P_DATA_TF_RECEIVED,
                AssociationEvent.A_RELEASE_RQ_RECEIVED,
                AssociationEvent.A_RELEASE_RP_RECEIVED,
                AssociationEvent.A_ABORT_RECEIVED,
                AssociationEvent.TRANSPORT_CONNECTION_CLOSED,
                AssociationEvent.INVALID_PDU_RECEIVED);
        for (AssociationState state : AssociationState.values()) {
            // STA1 has no connection, STA4 none yet.
            if (state != AssociationState.STA1 && state != AssociationState.STA4) {
                assertThat(byThePeer).allSatisfy(event -> assertThat(AssociationTable.action(state, event))
                        .as("%s in %s", event, state)
                        .isPresent());
            }
        }
    }

    @Test
    void only_what_the_standard_leaves_to_circumstances_has_two_next_states() {
        assertThat(AssociationAction.values())
                .filteredOn(action -> action.nextStates().size() == 2)
                .containsExactly(AssociationAction.AE_6, AssociationAction.AR_8);
    }
}
