/** Tests of the upper layer's state table. */
@NullMarked
package walnut.dicom.net.association;

import org.jspecify.annotations.NullMarked;
