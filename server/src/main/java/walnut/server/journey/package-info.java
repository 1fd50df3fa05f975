/**
 * The steps of a case from its images to the archives' acknowledgement, in one list; who may watch
 * them, and what wakes those who do them.
 *
 * <p>Must not know how a step is done.
 */
@NullMarked
package walnut.server.journey;

import org.jspecify.annotations.NullMarked;
