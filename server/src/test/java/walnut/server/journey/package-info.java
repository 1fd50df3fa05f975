@NullMarked
package walnut.server.journey;

import org.jspecify.annotations.NullMarked;
