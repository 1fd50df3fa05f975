package walnut.prostate.phantom;

import walnut.volume.Lps;

/**
 * The truth about something benign that may be taken for cancer.
 *
 * @param kind its tissue, as in the tissue table
 * @param centre its middle in patient LPS, mm
 */
public record PhantomMimic(String kind, Lps centre) {}
