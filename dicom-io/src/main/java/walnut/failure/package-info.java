/**
 * The one list of foreseen failures. A leaf: depends on nothing of ours and every room may use it.
 */
@NullMarked
package walnut.failure;

import org.jspecify.annotations.NullMarked;
