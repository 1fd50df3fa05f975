/** Tests of reviews, on the embedded database. */
@NullMarked
package walnut.server.reviews;

import org.jspecify.annotations.NullMarked;
