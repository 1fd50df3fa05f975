package walnut.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.digest.Sha256;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * Streams one object into its file under its final name, digesting as it goes. Its tasks run in order on store threads,
 * so its fields need no lock; only {@link #write}, {@link #commit} and {@link #abandon} are called from outside, by one
 * thread.
 */
final class InstanceFileWriter implements InstanceWriter {
    private static final Logger LOG = LoggerFactory.getLogger(InstanceFileWriter.class);

    /** Almost every header up to Series Instance UID fits; longer ones are read back from the file. */
    private static final int HEAD_BYTES = 16 * 1024;

    private final InstanceStore store;
    private final InstanceOrigin origin;
    private final long arrival;
    private final OrderedTasks tasks;
    private final Path path;
    private final MessageDigest digest = Sha256.begin();
    private final byte[] head = new byte[HEAD_BYTES];
    private int headLength;
    private Disk.@Nullable DiskFile file;
    private @Nullable WalnutException failure;
    private long metaInformationLength;
    private long dataSetLength;
    private boolean finished;
    private int chunksWritten;
    private @Nullable FileSyncs syncs;
    /** Counted by the caller of {@link #write}; final once {@link #whole}. */
    private int chunks;

    private volatile boolean whole;

    InstanceFileWriter(InstanceStore store, InstanceOrigin origin, long arrival, OrderedTasks tasks) {
        this.store = store;
        this.origin = origin;
        this.arrival = arrival;
        this.tasks = tasks;
        this.path = store.layout().file(arrival);
    }

    @Override
    public Future<Void> write(List<ByteBuffer> chunk) {
        chunks++;
        Promise<Void> consumed = Promise.promise();
        submit(
                () -> {
                    append(chunk);
                    consumed.complete();
                },
                consumed::complete);
        return consumed.future();
    }

    @Override
    public Future<StoredInstance> commit() {
        whole = true;
        Promise<StoredInstance> durable = Promise.promise();
        submit(() -> finish(durable), () -> durable.fail(InstanceStore.closing()));
        return durable.future();
    }

    @Override
    public void abandon() {
        submit(this::discard, () -> {});
    }

    private void submit(Runnable task, Runnable afterClose) {
        try {
            tasks.execute(task);
        } catch (RejectedExecutionException e) {
            afterClose.run();
        }
    }

    private void append(List<ByteBuffer> chunk) {
        if (failure != null || finished) {
            return;
        }
        try {
            List<ByteBuffer> buffers = new ArrayList<>(chunk.size() + 1);
            if (file == null) {
                buffers.add(open());
            }
            for (ByteBuffer part : chunk) {
                dataSetLength += part.remaining();
                buffers.add(part.duplicate());
            }
            if (dataSetLength > store.config().maximumInstanceBytes()) {
                throw new WalnutException(
                        FailureCode.DATASET_TOO_LARGE,
                        "the data set is longer than the limit of "
                                + store.config().maximumInstanceBytes() + " bytes");
            }
            openFile().write(buffers);
            chunksWritten++;
            if (whole && chunksWritten == chunks) {
                beginSyncs();
            }
            for (ByteBuffer part : chunk) {
                digest.update(part.duplicate());
                keepHead(part.duplicate());
            }
        } catch (IOException | RuntimeException e) {
            fail(StorageFailure.of(e));
        }
    }

    /** As soon as the last byte is written, so that the disk works while this thread does. */
    private FileSyncs beginSyncs() {
        if (syncs == null) {
            syncs = store.beginSyncs(openFile(), arrival);
        }
        return syncs;
    }

    private @Nullable Throwable failureOfSyncs() {
        return syncs == null ? null : syncs.failure();
    }

    /** Creates the file; returns what goes before the data set, to be written together with its first bytes. */
    private ByteBuffer open() throws IOException {
        store.requireSpace();
        store.requireDirectory(store.layout().directory(arrival));
        file = store.disk().create(path);
        byte[] metaInformation = FileMetaInformation.of(origin);
        metaInformationLength = metaInformation.length;
        return ByteBuffer.wrap(metaInformation);
    }

    private void keepHead(ByteBuffer part) {
        int kept = Math.min(HEAD_BYTES - headLength, part.remaining());
        part.get(head, headLength, kept);
        headLength += kept;
    }

    private void finish(Promise<StoredInstance> durable) {
        if (finished) {
            durable.fail(InstanceStore.closing());
            return;
        }
        if (failure == null && file == null) {
            failure = new WalnutException(FailureCode.NOT_DICOM, "the data set is empty");
        }
        if (failure != null) {
            WalnutException reason = failure;
            discard();
            refuse(durable, reason);
            return;
        }
        String datasetSha256 = Sha256.hex(digest);
        StoredInstance instance;
        try {
            InstanceHeader header = readHeader();
            header.requireAgreement(origin);
            instance = stored(header, datasetSha256);
        } catch (WalnutException e) {
            quarantine(durable, datasetSha256, e);
            return;
        } catch (IOException | RuntimeException e) {
            quarantine(durable, datasetSha256, StorageFailure.of(e));
            return;
        }
        finished = true;
        store.forget(this);
        store.committer().commit(instance, openFile(), beginSyncs(), durable);
    }

    private InstanceHeader readHeader() throws IOException {
        InputStream beginning = new ByteArrayInputStream(head, 0, headLength);
        try (InputStream in = dataSetLength <= headLength
                ? beginning
                : new SequenceInputStream(beginning, new RestOfFile(headLength))) {
            return InstanceHeader.read(in, origin.transferSyntaxUid());
        }
    }

    private StoredInstance stored(InstanceHeader header, String datasetSha256) {
        return new StoredInstance(
                header.sopInstanceUid(),
                header.sopClassUid(),
                header.seriesInstanceUid(),
                header.studyInstanceUid(),
                origin.transferSyntaxUid(),
                header.patientId(),
                header.issuerOfPatientId(),
                store.layout().relative(path),
                metaInformationLength + dataSetLength,
                datasetSha256,
                arrival,
                origin.callingAeTitle());
    }

    /** Keeps an object that we cannot take in, so that an operator can look at it; the same bytes are kept once. */
    private void quarantine(Promise<StoredInstance> durable, String datasetSha256, WalnutException reason) {
        try {
            Path kept = store.layout().quarantined(datasetSha256, reason.code());
            Throwable notSynced = failureOfSyncs();
            if (notSynced != null) {
                throw StorageFailure.of(notSynced);
            }
            try (Disk.DiskFile closing = openFile()) {
                closing.sync();
            }
            store.disk().move(path, kept);
            store.disk().syncDirectory(store.layout().quarantine());
            LOG.warn(
                    "object put into quarantine: {} ({})",
                    reason.code(),
                    store.layout().relative(kept));
        } catch (IOException | RuntimeException e) {
            LOG.error("an object with {} could not be put into quarantine", reason.code(), e);
        }
        discard();
        refuse(durable, reason);
    }

    private void refuse(Promise<StoredInstance> durable, WalnutException reason) {
        store.tellRefused(reason.code());
        durable.fail(reason);
    }

    private void fail(WalnutException reason) {
        failure = reason;
        if (reason.code() == FailureCode.STORAGE_FAILED) {
            LOG.error("object not stored", reason);
        } else {
            LOG.warn("object not stored: {}", reason.code());
        }
    }

    /** Removes what was written; afterwards this object is settled. */
    void discard() {
        if (finished) {
            return;
        }
        finished = true;
        store.forget(this);
        try {
            if (file != null) {
                // It must not be closed under a sync; what became of that does not matter any more.
                failureOfSyncs();
                file.close();
                store.remove(arrival);
            }
            store.arrivals().settle(arrival);
        } catch (IOException | RuntimeException e) {
            // Left unsettled, so that the next start removes it.
            LOG.warn("an unfinished object's file could not be removed", e);
        }
    }

    private Disk.DiskFile openFile() {
        if (file == null) {
            throw new IllegalStateException("no byte was written");
        }
        return file;
    }

    /** The data set from an offset on, opened only when somebody reads that far. */
    private final class RestOfFile extends InputStream {
        private final long offset;
        private @Nullable InputStream in;

        RestOfFile(long offset) {
            this.offset = offset;
        }

        @Override
        public int read() throws IOException {
            return opened().read();
        }

        @Override
        public int read(byte[] target, int at, int length) throws IOException {
            return opened().read(target, at, length);
        }

        private InputStream opened() throws IOException {
            if (in == null) {
                in = store.disk().read(path);
                in.skipNBytes(metaInformationLength + offset);
            }
            return in;
        }

        @Override
        public void close() throws IOException {
            if (in != null) {
                in.close();
            }
        }
    }
}
