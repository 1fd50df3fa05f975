/**
 * The way out: result objects are written to the disk, queued with the decision that they leave, and sent until each
 * destination has answered for each of them.
 *
 * <p>Must not know HTTP, pages or models; what an object shows is decided in {@code results}.
 */
@NullMarked
package walnut.server.outbox;

import org.jspecify.annotations.NullMarked;
