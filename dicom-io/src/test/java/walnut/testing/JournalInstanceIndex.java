package walnut.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import walnut.store.Committed;
import walnut.store.Disposition;
import walnut.store.StoredInstance;

/**
 * A durable index for tests that kill the process: each transaction is one line of a file, synced before it counts. A
 * last line without its end was never committed.
 */
public final class JournalInstanceIndex extends InMemoryInstanceIndex implements AutoCloseable {
    private static final String FIELD = "\t";
    private static final String ROW = "\u001e";

    private final FileChannel journal;

    public JournalInstanceIndex(Path file) throws IOException {
        long whole = 0;
        if (Files.exists(file)) {
            String text = Files.readString(file);
            int end = text.lastIndexOf('\n') + 1;
            whole = text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
            text.substring(0, end).lines().forEach(this::replay);
        }
        journal = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        journal.truncate(whole);
        journal.position(whole);
        journal.force(true);
    }

    @Override
    public synchronized List<Committed> commit(List<StoredInstance> group) {
        List<Committed> outcomes = super.commit(group);
        append("+"
                + outcomes.stream()
                        .filter(outcome -> outcome.disposition() != Disposition.RESEND)
                        .map(outcome -> write(outcome.instance()))
                        .collect(Collectors.joining(ROW)));
        return outcomes;
    }

    @Override
    public synchronized void delete(Collection<StoredInstance> instances) {
        if (!instances.isEmpty()) {
            super.delete(instances);
            append("-" + instances.stream().map(JournalInstanceIndex::write).collect(Collectors.joining(ROW)));
        }
    }

    private void append(String line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                journal.write(bytes);
            }
            journal.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void replay(String line) {
        if (line.length() > 1) {
            List<StoredInstance> rows = List.of(line.substring(1).split(ROW)).stream()
                    .map(JournalInstanceIndex::read)
                    .toList();
            if (line.charAt(0) == '+') {
                super.commit(rows);
            } else {
                super.delete(rows);
            }
        }
    }

    private static String write(StoredInstance i) {
        return String.join(
                FIELD,
                i.sopInstanceUid(),
                i.sopClassUid(),
                i.seriesInstanceUid(),
                i.studyInstanceUid(),
                i.transferSyntaxUid(),
                i.patientId(),
                i.issuerOfPatientId(),
                i.file(),
                Long.toString(i.size()),
                i.datasetSha256(),
                Long.toString(i.receivedAt()),
                i.callingAeTitle());
    }

    private static StoredInstance read(String row) {
        String[] f = row.split(FIELD, -1);
        return new StoredInstance(
                f[0],
                f[1],
                f[2],
                f[3],
                f[4],
                f[5],
                f[6],
                f[7],
                Long.parseLong(f[8]),
                f[9],
                Long.parseLong(f[10]),
                f[11]);
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
