/** What is, and is not, in the one jar. */
@NullMarked
package walnut.packaging;

import org.jspecify.annotations.NullMarked;
