/** Tests of the way out. */
@NullMarked
package walnut.server.outbox;

import org.jspecify.annotations.NullMarked;
