/** Tests of the event stream, over real sockets. */
@NullMarked
package walnut.server.events;

import org.jspecify.annotations.NullMarked;
