package walnut.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import walnut.store.Committed;
import walnut.store.Disposition;
import walnut.store.InstanceIndex;
import walnut.store.StoredInstance;

/** What every {@link InstanceIndex} promises, by example; an implementation's test extends this. */
public abstract class InstanceIndexContract {
    private static final String DIGEST_A = "a".repeat(64);
    private static final String DIGEST_B = "b".repeat(64);

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
