/**
 * Pictures of a case: 8-bit frames drawn from volumes at the slices of the T2W grid, a colour map for the score, and the
 * letters that say which side is which. Pure functions of the volumes. For showing a finding, not for diagnosis: windows
 * are fixed and the depth is 8 bits.
 *
 * <p>Must not know HTTP, HTML or DICOM data sets.
 */
@NullMarked
package walnut.server.frames;

import org.jspecify.annotations.NullMarked;
