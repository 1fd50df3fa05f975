/**
 * What people know about a patient and the images do not say: entered for a case, kept version by version, and given to the
 * eligibility gates.
 *
 * <p>Must not know SQL, HTTP or pages.
 */
@NullMarked
package walnut.server.context;

import org.jspecify.annotations.NullMarked;
