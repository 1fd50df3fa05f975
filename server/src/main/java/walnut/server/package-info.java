/** One node put together: what is started in which order, and what is stopped in the reverse one. */
@NullMarked
package walnut.server;

import org.jspecify.annotations.NullMarked;
