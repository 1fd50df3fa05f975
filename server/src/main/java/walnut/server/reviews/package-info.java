/**
 * Readers' reviews of predictions: what may be said of which prediction, who said it last, and how far readers and models
 * agree. A review never touches a prediction.
 *
 * <p>Must not know SQL, HTTP or pages.
 */
@NullMarked
package walnut.server.reviews;

import org.jspecify.annotations.NullMarked;
