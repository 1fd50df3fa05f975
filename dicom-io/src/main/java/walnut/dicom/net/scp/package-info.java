/**
 * The receiving side: Verification and every Storage SOP class as SCP, with the AE policy, the limits and the
 * back-pressure of a node that faces a hospital network. PS3.4 Annexes A and B.
 *
 * <p>Hands data set bytes to an {@link walnut.store.InstanceReceiver} and answers with what it reports. Must not know
 * how instances are kept, nor what happens to them afterwards.
 */
@NullMarked
package walnut.dicom.net.scp;

import org.jspecify.annotations.NullMarked;
