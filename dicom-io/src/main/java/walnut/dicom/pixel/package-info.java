/**
 * Stored pixel values of images (PS3.3 C.7.6.3, PS3.5 chapter 8) and their digest. Stored values only: rescaling to
 * modality units and placing in patient space are for walnut.volume and walnut.prostate.series. Compressed pixel data
 * are refused with PIXELS_NOT_DECODABLE until codecs are here.
 */
@NullMarked
package walnut.dicom.pixel;

import org.jspecify.annotations.NullMarked;
