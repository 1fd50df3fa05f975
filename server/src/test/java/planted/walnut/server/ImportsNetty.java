package planted.walnut.server;

import io.netty.buffer.ByteBuf;

record ImportsNetty(ByteBuf byteBuf) {}
