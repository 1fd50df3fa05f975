/**
 * Sockets and the bytes on them: the only package that sees Netty and Vert.x internals, for two reasons. Received
 * buffers reach the store without the copy that {@code NetSocket.handler} makes; and TCP_QUICKACK, re-armed whenever we
 * are about to wait, keeps senders that leave Nagle on (most do) some fifty times faster.
 *
 * <p>Must not know DICOM.
 */
@NullMarked
package walnut.dicom.net.transport;

import org.jspecify.annotations.NullMarked;
