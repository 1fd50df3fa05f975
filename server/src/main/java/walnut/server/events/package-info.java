/**
 * Tells browsers what happens to cases, as it happens (server-sent events). An event names a case and its state, nothing
 * of a patient or a result: what a caller may see they ask for.
 */
@NullMarked
package walnut.server.events;

import org.jspecify.annotations.NullMarked;
