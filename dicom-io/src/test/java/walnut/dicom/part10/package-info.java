/** Tests of reading and writing DICOM files, on bytes made here, on real files, and beside DCMTK. */
@NullMarked
package walnut.dicom.part10;

import org.jspecify.annotations.NullMarked;
