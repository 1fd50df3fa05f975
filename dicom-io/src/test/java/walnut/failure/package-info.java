@NullMarked
package walnut.failure;

import org.jspecify.annotations.NullMarked;
