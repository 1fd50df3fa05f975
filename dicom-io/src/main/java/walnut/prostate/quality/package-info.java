/**
 * How well a study was acquired: PI-RADS v2.1's technical requirements, parameter by parameter, and whether the ADC map is
 * the one its own traces give. Says what was read and what follows; what to do about it is decided elsewhere. Knows series,
 * volumes and headers, no model.
 */
@NullMarked
package walnut.prostate.quality;

import org.jspecify.annotations.NullMarked;
