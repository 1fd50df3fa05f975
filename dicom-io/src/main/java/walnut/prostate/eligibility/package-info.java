/**
 * Whether a study is one that a prostate model may look at at all: named gates, each pass, fail or unknown with what was
 * read. Knows headers and geometry; what a model asks beyond that is its passport's matter. Must not know models.
 */
@NullMarked
package walnut.prostate.eligibility;

import org.jspecify.annotations.NullMarked;
