/**
 * The DICOM upper layer protocol machine, PS3.8 section 9.2: the state table as data ({@link
 * walnut.dicom.net.association.AssociationTable}) and {@link walnut.dicom.net.association.Association}, which carries its
 * actions out on one connection. Must not know DIMSE.
 */
@NullMarked
package walnut.dicom.net.association;

import org.jspecify.annotations.NullMarked;
