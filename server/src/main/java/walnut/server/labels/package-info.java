/**
 * What pathology and follow-up say of cases: labels taken in, joined to the case they belong to, and the live figures
 * that rest on them.
 */
@NullMarked
package walnut.server.labels;

import org.jspecify.annotations.NullMarked;
