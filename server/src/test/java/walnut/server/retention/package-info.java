@NullMarked
package walnut.server.retention;

import org.jspecify.annotations.NullMarked;
