/**
 * Whether a model on this machine still gives the answers it is known to give. Uses all rooms of this module; knows no
 * DICOM.
 */
@NullMarked
package walnut.models.gate;

import org.jspecify.annotations.NullMarked;
