/** Tests of the SCP with real sockets and real peers. */
@NullMarked
package walnut.dicom.net.scp;

import org.jspecify.annotations.NullMarked;
