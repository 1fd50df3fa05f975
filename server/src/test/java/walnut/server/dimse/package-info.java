/** Tests of the way out. */
@NullMarked
package walnut.server.dimse;

import org.jspecify.annotations.NullMarked;
