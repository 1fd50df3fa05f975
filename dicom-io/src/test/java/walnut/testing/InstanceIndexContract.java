package walnut.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.Committed;
import walnut.store.ContentComparison;
import walnut.store.Disposition;
import walnut.store.InstanceChange;
import walnut.store.InstanceChange.Kind;
import walnut.store.InstanceIndex;
import walnut.store.Likeness;
import walnut.store.StoredInstance;

/** What every {@link InstanceIndex} promises, by example; an implementation's test extends this. */
public abstract class InstanceIndexContract {
    private static final String DIGEST_A = "a".repeat(64);
    private static final String DIGEST_B = "b".repeat(64);
    private static final String DIGEST_C = "c".repeat(64);

    private InstanceIndex index;

    /** A new, empty index. */
    protected abstract InstanceIndex open() throws Exception;

    /** The same index as another process would find it after this one died; may return the same object. */
    protected InstanceIndex reopen(InstanceIndex open) throws Exception {
        return open;
    }

    @BeforeEach
    void openIndex() throws Exception {
        index = open();
    }

    @Test
    void finds_what_was_committed_after_reopening() throws Exception {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        StoredInstance second = instance("1.2", DIGEST_A, 20);
        assertThat(index.commit(List.of(first, second)))
                .containsExactly(new Committed(Disposition.NEW, first), new Committed(Disposition.NEW, second));
        index = reopen(index);
        assertThat(index.find("1.1")).containsExactly(first);
        assertThat(index.find("1.2")).containsExactly(second);
        assertThat(index.find("1.3")).isEmpty();
    }

    @Test
    void the_same_bytes_again_are_a_resend_of_the_earlier_instance() {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        index.commit(List.of(first));
        assertThat(index.commit(List.of(instance("1.1", DIGEST_A, 20))))
                .containsExactly(new Committed(Disposition.RESEND, first));
        assertThat(all(0)).containsExactly(first);
    }

    @Test
    void other_bytes_under_the_same_uid_are_kept_as_a_conflict() {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        StoredInstance other = instance("1.1", DIGEST_B, 20);
        index.commit(List.of(first));
        assertThat(index.commit(List.of(other))).containsExactly(new Committed(Disposition.CONFLICT, other));
        assertThat(index.find("1.1")).containsExactly(first, other);
    }

    @Test
    void either_side_of_a_conflict_can_be_resent() {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        StoredInstance other = instance("1.1", DIGEST_B, 20);
        index.commit(List.of(first, other));
        assertThat(index.commit(List.of(instance("1.1", DIGEST_B, 30), instance("1.1", DIGEST_A, 40))))
                .containsExactly(new Committed(Disposition.RESEND, other), new Committed(Disposition.RESEND, first));
    }

    @Test
    void instances_of_one_group_are_judged_against_each_other() {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        StoredInstance other = instance("1.1", DIGEST_B, 30);
        assertThat(index.commit(List.of(first, instance("1.1", DIGEST_A, 20), other)))
                .containsExactly(
                        new Committed(Disposition.NEW, first),
                        new Committed(Disposition.RESEND, first),
                        new Committed(Disposition.CONFLICT, other));
        assertThat(all(0)).containsExactly(first, other);
    }

    @Test
    void streams_from_an_arrival_on_oldest_first() {
        StoredInstance late = instance("1.3", DIGEST_A, 30);
        StoredInstance middle = instance("1.2", DIGEST_A, 20);
        index.commit(List.of(instance("1.1", DIGEST_A, 10)));
        index.commit(List.of(late));
        index.commit(List.of(middle));
        assertThat(all(20)).containsExactly(middle, late);
        assertThat(all(31)).isEmpty();
    }

    @Test
    void deletes_by_file_and_takes_no_offence_at_absent_rows() {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        StoredInstance other = instance("1.1", DIGEST_B, 20);
        index.commit(List.of(first, other));
        index.delete(List.of(other, instance("1.9", DIGEST_A, 90)));
        index.delete(List.of());
        assertThat(index.find("1.1")).containsExactly(first);
        // What was taken back counts as never seen.
        assertThat(index.commit(List.of(other))).containsExactly(new Committed(Disposition.CONFLICT, other));
    }

    @Test
    void what_was_taken_back_leaves_no_conflict_behind() {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        StoredInstance other = instance("1.1", DIGEST_B, 20);
        index.commit(List.of(first, other));
        assertThat(index.standing("1.1")).containsExactly(first, other);
        index.delete(List.of(other));
        assertThat(index.standing("1.1")).containsExactly(first);
        assertThat(index.changes("1.1")).isEmpty();
    }

    @Test
    void another_encoding_of_the_same_data_set_is_a_resend() {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        index.commit(List.of(first));
        assertThat(index.commit(List.of(instance("1.1", DIGEST_B, 20)), like(Likeness.SAME_DATA_SET)))
                .containsExactly(new Committed(Disposition.RESEND, first));
        assertThat(all(0)).containsExactly(first);
        assertThat(index.changes("1.1")).isEmpty();
    }

    @Test
    void a_new_header_over_the_same_pixels_supersedes_the_earlier_one_and_is_audited() throws Exception {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        StoredInstance corrected = instance("1.1", DIGEST_B, 20);
        StoredInstance again = instance("1.1", DIGEST_C, 30);
        index.commit(List.of(first));
        assertThat(index.commit(List.of(corrected, again), like(Likeness.SAME_PIXELS)))
                .containsExactly(
                        new Committed(Disposition.ATTRIBUTE_UPDATE, corrected),
                        new Committed(Disposition.ATTRIBUTE_UPDATE, again));
        index = reopen(index);
        assertThat(index.standing("1.1")).containsExactly(again);
        assertThat(index.find("1.1")).containsExactly(first, corrected, again);
        assertThat(index.changes("1.1"))
                .containsExactly(
                        new InstanceChange("1.1", Kind.ATTRIBUTE_UPDATE, DIGEST_B, DIGEST_A, "SENDER", "", 20),
                        new InstanceChange("1.1", Kind.ATTRIBUTE_UPDATE, DIGEST_C, DIGEST_B, "SENDER", "", 30));
    }

    @Test
    void a_late_resend_of_a_superseded_header_changes_nothing() {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        StoredInstance corrected = instance("1.1", DIGEST_B, 20);
        index.commit(List.of(first, corrected), like(Likeness.SAME_PIXELS));
        assertThat(index.commit(List.of(instance("1.1", DIGEST_A, 30)), like(Likeness.SAME_PIXELS)))
                .containsExactly(new Committed(Disposition.RESEND, first));
        assertThat(index.standing("1.1")).containsExactly(corrected);
    }

    @Test
    void taking_an_update_back_lets_what_it_superseded_stand_again() throws Exception {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        StoredInstance second = instance("1.1", DIGEST_B, 20);
        StoredInstance third = instance("1.1", DIGEST_C, 30);
        index.commit(List.of(first, second, third), like(Likeness.SAME_PIXELS));
        index.delete(List.of(second));
        assertThat(index.standing("1.1")).containsExactly(third);
        index.delete(List.of(third));
        index = reopen(index);
        assertThat(index.standing("1.1")).containsExactly(first);
        assertThat(index.changes("1.1")).isEmpty();
    }

    @Test
    void an_update_of_one_side_of_a_conflict_leaves_the_conflict() {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        StoredInstance other = instance("1.1", DIGEST_B, 20);
        StoredInstance update = instance("1.1", DIGEST_C, 30);
        index.commit(List.of(first, other));
        assertThat(index.commit(
                        List.of(update),
                        (earlier, arrived) -> earlier.equals(first) ? Likeness.SAME_PIXELS : Likeness.OTHER_CONTENT))
                .containsExactly(new Committed(Disposition.ATTRIBUTE_UPDATE, update));
        assertThat(index.standing("1.1")).containsExactly(other, update);
    }

    @Test
    void an_operator_ends_a_conflict_and_every_content_is_kept() throws Exception {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        StoredInstance other = instance("1.1", DIGEST_B, 20);
        index.commit(List.of(first, other));
        index.choose("1.1", DIGEST_B, "ada", "the first was cut off");
        index = reopen(index);
        assertThat(index.standing("1.1")).containsExactly(other);
        assertThat(index.find("1.1")).containsExactly(first, other);
        assertThat(index.changes("1.1"))
                .extracting(InstanceChange::kind, InstanceChange::actor, InstanceChange::reason)
                .containsExactly(
                        tuple(Kind.CONFLICT, "SENDER", ""), tuple(Kind.CHOICE, "ada", "the first was cut off"));
        // The choice holds against a resend of the loser, not against content that nobody has seen.
        assertThat(index.commit(List.of(instance("1.1", DIGEST_A, 30))))
                .containsExactly(new Committed(Disposition.RESEND, first));
        StoredInstance third = instance("1.1", DIGEST_C, 40);
        assertThat(index.commit(List.of(third))).containsExactly(new Committed(Disposition.CONFLICT, third));
        assertThat(index.standing("1.1")).containsExactly(other, third);
    }

    @Test
    void only_what_stands_can_be_chosen() {
        index.commit(List.of(instance("1.1", DIGEST_A, 10), instance("1.1", DIGEST_B, 20)));
        assertThatThrownBy(() -> index.choose("1.1", DIGEST_C, "ada", "why not"))
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.NOT_FOUND));
        assertThat(index.standing("1.1")).hasSize(2);
    }

    @Test
    void a_group_whose_contents_cannot_be_compared_is_not_there_at_all() {
        StoredInstance first = instance("1.1", DIGEST_A, 10);
        index.commit(List.of(first));
        assertThatThrownBy(() -> index.commit(
                        List.of(instance("1.2", DIGEST_A, 20), instance("1.1", DIGEST_B, 30)), (earlier, arrived) -> {
                            throw new WalnutException(FailureCode.STORAGE_FAILED, "the disk failed");
                        }))
                .isInstanceOf(WalnutException.class);
        assertThat(all(0)).containsExactly(first);
    }

    private static ContentComparison like(Likeness likeness) {
        return (earlier, arrived) -> likeness;
    }

    @Test
    void keeps_zero_length_patient_and_text_of_any_script() {
        StoredInstance unknown = new StoredInstance(
                "1.1",
                "1.2.840.10008.5.1.4.1.1.4",
                "2.1",
                "3.1",
                "1.2.840.10008.1.2.1",
                "",
                "",
                "instances/1.dcm",
                1000,
                DIGEST_A,
                10,
                "");
        StoredInstance named = new StoredInstance(
                "1.2",
                "1.2.840.10008.5.1.4.1.1.4",
                "2.1",
                "3.1",
                "1.2.840.10008.1.2.1",
                "Ä'患者;--",
                "Ю",
                "instances/2.dcm",
                5_000_000_000L,
                DIGEST_A,
                1_795_312_800_123_456L,
                "A'E");
        index.commit(List.of(unknown, named));
        assertThat(all(0)).containsExactly(unknown, named);
    }

    private List<StoredInstance> all(long since) {
        List<StoredInstance> found = new ArrayList<>();
        index.forEachSince(since, found::add);
        return found;
    }

    /** An instance known by its UID, its bytes and when it came. */
    protected static StoredInstance instance(String sopInstanceUid, String datasetSha256, long receivedAt) {
        return new StoredInstance(
                sopInstanceUid,
                "1.2.840.10008.5.1.4.1.1.4",
                "2.1",
                "3.1",
                "1.2.840.10008.1.2.1",
                "P1",
                "ISSUER",
                "instances/1970-01-01/" + String.format("%016d", receivedAt) + ".dcm",
                1000,
                datasetSha256,
                receivedAt,
                "SENDER");
    }
}
