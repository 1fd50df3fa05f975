/** Tests of clinical contexts, on the embedded database. */
@NullMarked
package walnut.server.context;

import org.jspecify.annotations.NullMarked;
