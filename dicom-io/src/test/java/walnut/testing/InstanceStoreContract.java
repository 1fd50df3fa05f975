package walnut.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.data.TransferSyntax;
import walnut.dicom.data.Uid;
import walnut.dicom.part10.DataSetWriter;
import walnut.dicom.part10.DicomFile;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.ReadOptions;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.store.InstanceIndex;
import walnut.store.InstanceListener;
import walnut.store.InstanceOrigin;
import walnut.store.InstanceStore;
import walnut.store.InstanceWriter;
import walnut.store.StoredInstance;

/** What the store promises, by example, whatever index and disk it stands on; an extending test brings both. */
public abstract class InstanceStoreContract {
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final InstanceListener listener = new InstanceListener() {
        @Override
        public void stored(StoredInstance instance) {
            told.add("stored");
        }

        @Override
        public void resent(StoredInstance existing) {
            told.add("resent");
        }

        @Override
        public void updated(StoredInstance added) {
            told.add("updated");
        }

        @Override
        public void conflicted(StoredInstance added) {
            told.add("conflicted");
        }

        @Override
        public void refused(FailureCode code) {
            told.add("refused " + code);
        }
    };

    private InstanceStore store;

    /** Opens the store, the first time an empty one, then the same again as another process would. */
    protected abstract InstanceStore open(InstanceListener listener) throws Exception;

    /** The index of the store that is open. */
    protected abstract InstanceIndex index();

    /** Paths of all {@code .dcm} files, relative to the data directory, with {@code /}. */
    protected abstract List<String> files() throws IOException;

    protected abstract byte[] bytes(String file) throws IOException;

    @BeforeEach
    void openStore() throws Exception {
        store = open(listener);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private void reopen() throws Exception {
        store.close();
        store = open(listener);
    }

    @Test
    void keeps_the_bytes_as_received_behind_a_readable_header() throws Exception {
        byte[] sent = MrInstances.bytes(MrInstances.image(1, 5000, 1));
        StoredInstance stored = stored(1, sent);
        reopen();
        assertThat(index().find(stored.sopInstanceUid())).containsExactly(stored);
        assertThat(files()).containsExactly(stored.file());
        byte[] file = bytes(stored.file());
        assertThat(stored.size()).isEqualTo(file.length);
        DicomFile read = Part10Reader.read(new ByteArrayInputStream(file), ReadOptions.all());
        assertThat(read.notices()).isEmpty();
        assertThat(Arrays.copyOfRange(file, (int) read.dataSetOffset(), file.length))
                .isEqualTo(sent);
        assertThat(told).containsExactly("stored");
    }

    @Test
    void the_same_bytes_again_are_acknowledged_without_a_second_file() throws Exception {
        byte[] sent = MrInstances.bytes(MrInstances.image(1, 500, 1));
        StoredInstance first = stored(1, sent);
        assertThat(stored(1, sent)).isEqualTo(first);
        reopen();
        assertThat(stored(1, sent)).isEqualTo(first);
        assertThat(files()).containsExactly(first.file());
        assertThat(told).containsExactly("stored", "resent", "resent");
    }

    @Test
    void the_same_data_set_in_any_other_encoding_is_a_resend() throws Exception {
        DataSet image = MrInstances.image(1, 500, 1).toBuilder()
                .putString(0x00090010, "WALNUT TEST")
                .putString(0x00091001, walnut.dicom.data.Vr.LO, "private")
                .putItems(
                        Tag.ReferencedImageSequence,
                        DataSet.builder()
                                .putString(Tag.ReferencedSOPInstanceUID, "1.2.3")
                                .build())
                .build();
        StoredInstance first = stored(1, MrInstances.bytes(image));
        for (TransferSyntax syntax : List.of(
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN)) {
            byte[] again = DataSetWriter.toBytes(image, syntax);
            assertThat(await(send(1, again, syntax.uid()))).as("%s", syntax).isEqualTo(first);
        }
        assertThat(files()).containsExactly(first.file());
        assertThat(told).containsExactly("stored", "resent", "resent", "resent");
    }

    @Test
    void a_new_header_over_the_same_pixels_counts_from_now_on_and_the_old_bytes_are_kept() throws Exception {
        StoredInstance first = stored(1, MrInstances.bytes(MrInstances.image(1, 512, 1)));
        StoredInstance corrected = stored(1, MrInstances.bytes(ofPatient("CORRECTED", 1)));
        reopen();
        assertThat(corrected.patientId()).isEqualTo("CORRECTED");
        assertThat(index().standing(first.sopInstanceUid())).containsExactly(corrected);
        assertThat(index().find(first.sopInstanceUid())).containsExactly(first, corrected);
        assertThat(files()).containsExactly(first.file(), corrected.file());
        assertThat(index().changes(first.sopInstanceUid())).singleElement().satisfies(change -> {
            assertThat(change.earlierSha256()).isEqualTo(first.datasetSha256());
            assertThat(change.datasetSha256()).isEqualTo(corrected.datasetSha256());
            assertThat(change.actor()).isEqualTo("SENDER");
        });
        assertThat(told).containsExactly("stored", "updated");
    }

    @Test
    void other_pixels_under_the_same_uid_are_both_kept_until_an_operator_chooses() throws Exception {
        StoredInstance first = stored(1, MrInstances.bytes(MrInstances.image(1, 512, 1)));
        StoredInstance other = stored(1, MrInstances.bytes(MrInstances.image(1, 512, 2)));
        reopen();
        assertThat(index().standing(first.sopInstanceUid())).containsExactly(first, other);
        assertThat(files()).containsExactly(first.file(), other.file());
        assertThat(told).containsExactly("stored", "conflicted");
        index().choose(first.sopInstanceUid(), first.datasetSha256(), "ada", "the second is another patient's");
        assertThat(index().standing(first.sopInstanceUid())).containsExactly(first);
        assertThat(files()).hasSize(2);
    }

    @Test
    void objects_without_pixels_that_say_other_things_are_a_conflict() throws Exception {
        DataSet report = MrInstances.image(1, 2, 1).toBuilder()
                .remove(Tag.PixelData)
                .remove(Tag.Rows)
                .remove(Tag.Columns)
                .build();
        StoredInstance first = stored(1, MrInstances.bytes(report));
        StoredInstance other = stored(
                1,
                MrInstances.bytes(report.toBuilder()
                        .putString(Tag.PatientComments, "something else")
                        .build()));
        assertThat(index().standing(first.sopInstanceUid())).containsExactly(first, other);
    }

    @Test
    void a_data_set_that_is_not_what_was_announced_is_refused_and_kept_aside() throws Exception {
        assertRefused(
                send(1, MrInstances.bytes(MrInstances.image(2, 500, 1))), FailureCode.SOP_INSTANCE_MISMATCH, 0xA900);
        assertThat(files())
                .singleElement()
                .satisfies(file -> assertThat(file).startsWith("quarantine/").endsWith("-SOP_INSTANCE_MISMATCH.dcm"));
        assertThat(index().find(MrInstances.sopInstanceUid(1))).isEmpty();
        assertThat(index().find(MrInstances.sopInstanceUid(2))).isEmpty();
    }

    @Test
    void bytes_that_are_no_data_set_are_quarantined_once_with_their_code_and_outlive_a_restart() throws Exception {
        byte[] jpeg = new byte[3000];
        new Random(7).nextBytes(jpeg);
        jpeg[0] = (byte) 0xff;
        jpeg[1] = (byte) 0xd8;
        String code = "";
        for (int i = 0; i < 3; i++) {
            WalnutException refusal = refusal(send(1, jpeg));
            assertThat(refusal.code().dimseStatus() & 0xF000).isEqualTo(0xC000);
            code = refusal.code().name();
        }
        reopen();
        assertThat(files()).hasSize(1);
        assertThat(files().get(0)).startsWith("quarantine/").endsWith("-" + code + ".dcm");
        byte[] kept = bytes(files().get(0));
        assertThat(Arrays.copyOfRange(kept, kept.length - jpeg.length, kept.length))
                .isEqualTo(jpeg);
    }

    @Test
    void a_data_set_without_a_study_is_quarantined() throws Exception {
        DataSet stray = MrInstances.image(1, 100, 1).toBuilder()
                .remove(Tag.StudyInstanceUID)
                .build();
        assertRefused(send(1, MrInstances.bytes(stray)), FailureCode.IDENTITY_MISSING, 0xA900);
        assertThat(files()).hasSize(1);
    }

    @Test
    void an_abandoned_object_leaves_nothing() throws Exception {
        InstanceWriter writer = store.begin(origin(1, Uid.ExplicitVRLittleEndian));
        writer.write(List.of(ByteBuffer.wrap(new byte[1000])));
        writer.abandon();
        reopen();
        assertThat(files()).isEmpty();
    }

    private static DataSet ofPatient(String patientId, int seed) {
        return MrInstances.image(1, 512, seed).toBuilder()
                .putString(Tag.PatientID, patientId)
                .build();
    }

    private StoredInstance stored(int number, byte[] dataSet) throws Exception {
        return await(send(number, dataSet));
    }

    private Future<StoredInstance> send(int number, byte[] dataSet) {
        return send(number, dataSet, Uid.ExplicitVRLittleEndian);
    }

    private Future<StoredInstance> send(int number, byte[] dataSet, String transferSyntaxUid) {
        InstanceWriter writer = store.begin(origin(number, transferSyntaxUid));
        for (int at = 0; at < dataSet.length; at += 700) {
            writer.write(List.of(ByteBuffer.wrap(dataSet, at, Math.min(700, dataSet.length - at))));
        }
        return writer.commit();
    }

    private static InstanceOrigin origin(int number, String transferSyntaxUid) {
        return new InstanceOrigin(Uid.MRImageStorage, MrInstances.sopInstanceUid(number), transferSyntaxUid, "SENDER");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static WalnutException refusal(Future<?> future) throws Exception {
        try {
            await(future);
            throw new AssertionError("expected a refusal");
        } catch (ExecutionException e) {
            return (WalnutException) e.getCause();
        }
    }

    private static void assertRefused(Future<?> future, FailureCode code, int status) throws Exception {
        WalnutException refusal = refusal(future);
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.code().dimseStatus()).isEqualTo(status);
    }
}
