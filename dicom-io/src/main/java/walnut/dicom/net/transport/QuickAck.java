package walnut.dicom.net.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acknowledges received segments at once instead of up to 40 ms later.
 *
 * <p>A sender with Nagle on holds its last short segment back until everything before it is acknowledged, and Linux
 * delays that acknowledgement: about 45 ms for each C-STORE. TCP_QUICKACK ends the wait, but Linux leaves the mode again
 * by itself, so it is set at each read-complete, the moment before we wait for the peer. One system call of about 2 µs.
 */
final class QuickAck extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(QuickAck.class);
    private static final ChannelOption<Boolean> TCP_QUICKACK = NioChannelOption.of(ExtendedSocketOptions.TCP_QUICKACK);
    private static final AtomicBoolean ABSENCE_LOGGED = new AtomicBoolean();

    private QuickAck() {}

    /** Puts the handler first in the pipeline where the platform has the option; says so once where it has not. */
    static void install(ChannelHandlerContext context) {
        Channel channel = context.channel();
        // Asked by setting it: Netty's list of options holds other instances under the same name.
        if (channel.config().setOption(TCP_QUICKACK, true)) {
            context.pipeline().addFirst("quick-ack", new QuickAck());
        } else if (ABSENCE_LOGGED.compareAndSet(false, true)) {
            LOG.info("TCP_QUICKACK is not available here: senders with Nagle on will be slow;"
                    + " set TCP_NODELAY at the sender or run the receiver on Linux with NIO");
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        try {
            context.channel().config().setOption(TCP_QUICKACK, true);
        } catch (ChannelException e) {
            // The channel closed under us; its close event tells the rest.
            LOG.trace("TCP_QUICKACK not set on a closing channel", e);
        }
        context.fireChannelReadComplete();
    }
}
