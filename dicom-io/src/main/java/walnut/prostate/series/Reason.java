package walnut.prostate.series;

/**
 * Why a study cannot be used, as a code that DICOM peers understand where DICOM has one (scheme DCM), else ours (scheme
 * 99WALNUT), and in a sentence that names what was seen.
 */
public record Reason(String code, String scheme, String meaning, String detail) {}
