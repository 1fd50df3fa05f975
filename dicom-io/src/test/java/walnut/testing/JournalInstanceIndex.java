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
import walnut.store.ContentComparison;
import walnut.store.Disposition;
import walnut.store.StoredInstance;

/**
 * A durable index for tests that kill the process: each transaction is one line of a file, synced before it counts. A
 * last line without its end was never committed.
 */
public final class JournalInstanceIndex extends InMemoryInstanceIndex implements AutoCloseable {
    private static final String FIELD = "\t";
    private static final String ROW = "\u001e";
    private static final String JUDGED = "\u001f";

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
    public synchronized List<Committed> commit(List<StoredInstance> group, ContentComparison contents) {
        List<Judged> judged = judgeAndAdd(group, contents);
        append("+"
                + judged.stream()
                        .filter(one -> one.outcome().disposition() != Disposition.RESEND)
                        .map(one -> one.outcome().disposition()
                                + JUDGED
                                + write(one.earlier())
                                + JUDGED
                                + write(one.outcome().instance()))
                        .collect(Collectors.joining(ROW)));
        return judged.stream().map(Judged::outcome).toList();
    }

    @Override
    public synchronized void choose(String sopInstanceUid, String datasetSha256, String operator, String reason) {
        super.choose(sopInstanceUid, datasetSha256, operator, reason);
        append("!" + String.join(FIELD, sopInstanceUid, datasetSha256, operator, reason));
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
        if (line.length() == 1) {
            return;
        }
        String rows = line.substring(1);
        switch (line.charAt(0)) {
            case '+':
                List.of(rows.split(ROW)).forEach(row -> {
                    String[] judged = row.split(JUDGED);
                    add(new Judged(new Committed(Disposition.valueOf(judged[0]), read(judged[2])), read(judged[1])));
                });
                return;
            case '-':
                super.delete(List.of(rows.split(ROW)).stream()
                        .map(JournalInstanceIndex::read)
                        .toList());
                return;
            case '!':
                String[] choice = rows.split(FIELD, -1);
                super.choose(choice[0], choice[1], choice[2], choice[3]);
                return;
            default:
                throw new IllegalStateException("no transaction begins like this");
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
