/**
 * DICOM data sets as immutable values: tags, value representations, elements, character sets and the data dictionary
 * (PS3.5 chapters 6 and 7, PS3.6). Knows nothing of files, networks or what a study means; walnut.dicom.part10 reads
 * and writes what is held here.
 */
@NullMarked
package walnut.dicom.data;

import org.jspecify.annotations.NullMarked;
