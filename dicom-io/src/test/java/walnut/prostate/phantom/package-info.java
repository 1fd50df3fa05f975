/** Tests of the phantoms: same seed same bytes, and every knob moves the number it should. */
@NullMarked
package walnut.prostate.phantom;

import org.jspecify.annotations.NullMarked;
