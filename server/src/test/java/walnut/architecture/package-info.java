/**
 * The plan of the house as rules that fail the build: which room may see which, who may import which library, and what no
 * room does. The same rules are held against {@code planted.walnut}, a house built wrong on purpose, so that none of them
 * can be green by matching nothing.
 */
@NullMarked
package walnut.architecture;

import org.jspecify.annotations.NullMarked;
