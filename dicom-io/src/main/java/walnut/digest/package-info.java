/**
 * SHA-256, by which everything here is named. A leaf: depends on nothing of ours; what is digested in which layout is said
 * where it is digested.
 */
@NullMarked
package walnut.digest;

import org.jspecify.annotations.NullMarked;
