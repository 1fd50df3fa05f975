package walnut.server.events;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * One browser that listens. All of it happens on the event loop of its connection. A browser that does not read is given
 * {@code mostPending} events' worth of patience and is then cut: it comes back with the id of the last event it saw.
 */
final class EventStream {
    /** Bytes that may wait in the socket's queue before events wait here. */
    private static final int QUEUE_BYTES = 16 * 1024;
    /** A heartbeat that finds the queue full twice in a row has found somebody who is gone. */
    private static final int MOST_MISSED_HEARTBEATS = 2;

    private final RoutingContext exchange;
    private final HttpServerResponse response;
    private final Context loop;
    private final int mostPending;
    private final Consumer<EventStream> gone;
    private final Deque<String> pending = new ArrayDeque<>();
    private int missedHeartbeats;
    private boolean cut;

    /** @param gone is told when it is cut */
    EventStream(RoutingContext exchange, Context loop, int mostPending, Consumer<EventStream> gone) {
        this.exchange = exchange;
        this.response = exchange.response();
        this.loop = loop;
        this.mostPending = mostPending;
        this.gone = gone;
    }

    void open() {
        response.setChunked(true)
                .setWriteQueueMaxSize(QUEUE_BYTES)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Cache-Control", "no-store")
                // A proxy that gathers the stream before it passes it on would make it worthless.
                .putHeader("X-Accel-Buffering", "no");
        response.drainHandler(drained -> flush());
    }

    /** May be called from any thread. */
    void tell(String text) {
        loop.runOnContext(now -> write(text));
    }

    void heartbeat() {
        loop.runOnContext(now -> {
            if (cut || response.closed() || response.ended()) {
                return;
            }
            if (!response.writeQueueFull()) {
                missedHeartbeats = 0;
                response.write(": still here\n\n");
            } else if (++missedHeartbeats >= MOST_MISSED_HEARTBEATS) {
                cut();
            }
        });
    }

    /** Ends it in order: the browser comes back, and is asked again who it is. */
    void end() {
        loop.runOnContext(now -> {
            if (!response.closed() && !response.ended()) {
                response.end();
            }
        });
    }

    private void write(String text) {
        if (cut || response.closed() || response.ended()) {
            return;
        }
        if (pending.isEmpty() && !response.writeQueueFull()) {
            response.write(text);
        } else if (pending.size() < mostPending) {
            pending.addLast(text);
        } else {
            cut();
        }
    }

    private void flush() {
        while (!pending.isEmpty() && !response.writeQueueFull()) {
            response.write(pending.removeFirst());
        }
    }

    /** Nothing more is kept for it. A peer that reads no byte at all holds its socket until the idle timeout. */
    private void cut() {
        cut = true;
        pending.clear();
        gone.accept(this);
        exchange.request().connection().close();
    }
}
