/**
 * The DICOM JSON model (PS3.18 annex F): data sets as JSON objects and back. Knows nothing of HTTP, nor of where bulk
 * data lie: who calls says their URIs, or fetches them.
 */
@NullMarked
package walnut.dicom.json;

import org.jspecify.annotations.NullMarked;
