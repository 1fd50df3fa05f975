/**
 * Synthetic prostate MRI studies: an implicit anatomy, the physics that turns it into T2W, DWI, ADC and high b-value
 * images, the truth about its lesions, and the DICOM objects of the study.
 *
 * <p>A phantom is a pure function of its seed: the same seed gives the same bytes on every JVM and CPU, because only
 * IEEE basic operations, sqrt and StrictMath are used and nothing is drawn in the order of a hash map. Vendors are
 * fictional. It knows nothing of models, of servers or of how a study is selected; a phantom says nothing about people.
 */
@NullMarked
package walnut.prostate.phantom;

import org.jspecify.annotations.NullMarked;
