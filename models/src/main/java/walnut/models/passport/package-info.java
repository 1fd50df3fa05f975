/**
 * What a model package is: the passport that says how a model is fed, run and read, and the digests that tie it to its
 * files. Nothing about a model is hidden in code; the rooms beside this one execute what the passport says. Knows no
 * DICOM, no volumes and no inference runtime.
 */
@NullMarked
package walnut.models.passport;

import org.jspecify.annotations.NullMarked;
