package walnut.server.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * A CSV of labels on its way in, of any length: read as it arrives, stored a batch at a time while the sender waits, so that
 * no more than a batch and what one packet adds to it is ever held. On the request's event loop.
 *
 * <p>A connection that breaks leaves what was stored before; the same file sent again finds those rows there as
 * duplicates.
 */
final class LabelUpload implements Csv.Records {
    static final int BATCH = 1000;

    private final HttpServerRequest request;
    private final LabelIntake labels;
    private final Function<Callable<LabelReceipt>, Future<LabelReceipt>> worker;
    private final LabelTally tally = new LabelTally();
    private final Promise<LabelTally.Answer> done = Promise.promise();
    private final Csv csv = new Csv(this);
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer undecoded = ByteBuffer.allocate(0);
    private @Nullable List<String> columns;
    private List<LabelSubmission> batch = new ArrayList<>();
    private Map<Integer, Integer> lineOfRow = new HashMap<>();
    private int row;

    /** @param worker runs what blocks */
    LabelUpload(
            HttpServerRequest request,
            LabelIntake labels,
            Function<Callable<LabelReceipt>, Future<LabelReceipt>> worker) {
        this.request = request;
        this.labels = labels;
        this.worker = worker;
    }

    Future<LabelTally.Answer> receive() {
        request.exceptionHandler(done::tryFail);
        request.handler(this::piece);
        request.endHandler(ended -> finish());
        return done.future();
    }

    private void piece(Buffer bytes) {
        if (done.future().isComplete()) {
            return;
        }
        try {
            csv.read(decoded(bytes.getBytes(), false));
        } catch (WalnutException e) {
            done.tryFail(e);
            return;
        }
        if (batch.size() >= BATCH) {
            request.pause();
            store().onSuccess(stored -> request.resume()).onFailure(done::tryFail);
        }
    }

    private void finish() {
        if (done.future().isComplete()) {
            return;
        }
        try {
            csv.read(decoded(new byte[0], true));
            csv.end();
            if (columns == null) {
                throw new WalnutException(
                        FailureCode.LABEL_INVALID, "the CSV is empty: its first line names the columns");
            }
        } catch (WalnutException e) {
            done.tryFail(e);
            return;
        }
        store().map(stored -> tally.answer()).onComplete(answer -> {
            if (answer.succeeded()) {
                done.tryComplete(answer.result());
            } else {
                done.tryFail(answer.cause());
            }
        });
    }

    /** The bytes of a character that a packet cut in two wait for the next. */
    private CharSequence decoded(byte[] bytes, boolean last) {
        ByteBuffer all = ByteBuffer.allocate(undecoded.remaining() + bytes.length)
                .put(undecoded)
                .put(bytes)
                .flip();
        CharBuffer characters = CharBuffer.allocate(all.remaining() + 1);
        decoder.decode(all, characters, last);
        undecoded = all.slice();
        return characters.flip();
    }

    private Future<LabelReceipt> store() {
        List<LabelSubmission> submitted = batch;
        Map<Integer, Integer> lines = lineOfRow;
        batch = new ArrayList<>();
        lineOfRow = new HashMap<>();
        if (submitted.isEmpty()) {
            return Future.succeededFuture(LabelReceipt.NOTHING);
        }
        return worker.apply(() -> labels.receive(submitted)).onSuccess(receipt -> tally.add(receipt, lines::get));
    }

    @Override
    public void record(int line, List<String> fields) {
        List<String> names = columns;
        if (names == null) {
            columns = fields.stream().map(LabelUpload::fieldOfColumn).toList();
            return;
        }
        row++;
        if (fields.size() != names.size()) {
            reject(line, "has " + fields.size() + " fields, the header names " + names.size());
            return;
        }
        Map<String, String> texts = new HashMap<>();
        for (int column = 0; column < names.size(); column++) {
            texts.put(names.get(column), fields.get(column));
        }
        List<LabelReceipt.Rejection> rejected = new ArrayList<>();
        LabelForm.read(row, texts, batch, rejected);
        rejected.forEach(rejection -> tally.reject(rejection.onLine(line)));
        lineOfRow.put(row, line);
    }

    @Override
    public void broken(int line, String why) {
        if (columns == null) {
            throw new WalnutException(
                    why.startsWith("it is longer") ? FailureCode.REQUEST_TOO_LARGE : FailureCode.LABEL_INVALID,
                    "the first line, which names the columns, cannot be read: " + why);
        }
        row++;
        reject(line, why);
    }

    private void reject(int line, String detail) {
        tally.reject(new LabelReceipt.Rejection(row, line, FailureCode.LABEL_INVALID.name(), detail));
    }

    /** {@code study_instance_uid} and {@code studyInstanceUid} name the same field. */
    private static String fieldOfColumn(String column) {
        String[] words = column.trim().split("_");
        StringBuilder field = new StringBuilder(words[0]);
        for (int index = 1; index < words.length; index++) {
            String word = words[index];
            field.append(word.substring(0, Math.min(1, word.length())).toUpperCase(Locale.ROOT))
                    .append(word.substring(Math.min(1, word.length())));
        }
        return LabelForm.known(field.toString());
    }
}
