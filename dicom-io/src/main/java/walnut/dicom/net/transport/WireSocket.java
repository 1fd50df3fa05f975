package walnut.dicom.net.transport;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One TCP connection on its event loop. All callbacks run there, and all methods but {@link #run} are called there.
 *
 * <p>After {@link #pause} some reads that were under way still arrive (Vert.x keeps up to eight); then the TCP window
 * closes and the peer blocks.
 */
public final class WireSocket {
    private final Vertx vertx;
    private final Context context;
    private final NetSocketInternal socket;
    private boolean paused;
    private boolean closed;

    WireSocket(Vertx vertx, Context context, NetSocket socket) {
        this.vertx = vertx;
        this.context = context;
        this.socket = (NetSocketInternal) socket;
        QuickAck.install(this.socket.channelHandlerContext());
    }

    /** Sets who takes received bytes, each with one reference to release, and who learns that the wire is gone. */
    public void open(Consumer<WireBytes> received, Runnable disconnected) {
        socket.messageHandler(message -> {
            if (message instanceof ByteBuf && !closed) {
                received.accept(new WireBytes((ByteBuf) message));
            } else {
                ReferenceCountUtil.release(message);
            }
        });
        // A reset by the peer is told by the close that follows.
        socket.exceptionHandler(failure -> {});
        socket.closeHandler(nothing -> {
            closed = true;
            disconnected.run();
        });
    }

    /** Writes all bytes with one system call where the kernel takes them; takes ownership. */
    public Future<Void> write(WireBytes bytes) {
        if (closed) {
            bytes.release();
            return Future.failedFuture(NetSocketInternal.CLOSED_EXCEPTION);
        }
        return socket.writeMessage(bytes.toByteBuf());
    }

    public void pause() {
        if (!paused && !closed) {
            paused = true;
            socket.pause();
        }
    }

    public void resume() {
        if (paused && !closed) {
            paused = false;
            socket.resume();
        }
    }

    /** Closes after what was written; received bytes are no longer delivered. */
    public void close() {
        if (!closed) {
            closed = true;
            socket.close();
        }
    }

    /** Runs the task on this connection's event loop, from any thread. */
    public void run(Runnable task) {
        context.runOnContext(nothing -> task.run());
    }

    /** Runs the task on this connection's event loop after a delay; the result cancels it. */
    public Runnable schedule(Duration delay, Runnable task) {
        long timer = vertx.setTimer(Math.max(1, delay.toMillis()), id -> context.runOnContext(nothing -> task.run()));
        return () -> vertx.cancelTimer(timer);
    }
}
