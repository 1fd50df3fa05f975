/**
 * What the node does around its DICOM port. Must not know models, cases or pages.
 */
@NullMarked
package walnut.server.dimse;

import org.jspecify.annotations.NullMarked;
