/** Tests of what leaves the node for a prediction. */
@NullMarked
package walnut.server.results;

import org.jspecify.annotations.NullMarked;
