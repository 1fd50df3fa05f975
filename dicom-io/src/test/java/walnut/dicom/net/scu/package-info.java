/** Tests of the SCU with real sockets and real peers. */
@NullMarked
package walnut.dicom.net.scu;

import org.jspecify.annotations.NullMarked;
