/** The sending side: C-ECHO and C-STORE as SCU, with one outcome per instance. PS3.4 Annexes A and B. */
@NullMarked
package walnut.dicom.net.scu;

import org.jspecify.annotations.NullMarked;
