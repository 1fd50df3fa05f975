/**
 * What the disk holds, how it fills, and which images may go: those of studies that are finished, by a rule that is off
 * until a site gives one. Labels, predictions and the ledger are never touched.
 *
 * <p>Must not know models, pages or the network.
 */
@NullMarked
package walnut.server.retention;

import org.jspecify.annotations.NullMarked;
