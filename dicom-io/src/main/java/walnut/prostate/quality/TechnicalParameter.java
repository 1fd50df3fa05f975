package walnut.prostate.quality;

import walnut.prostate.eligibility.Verdict;

/**
 * One requirement of PI-RADS v2.1 on how images are acquired, and whether a study meets it.
 *
 * @param sequence T2W or DWI
 * @param name stable, upper case: SLICE_THICKNESS, IN_PLANE_PHASE, …
 * @param read what was read, with its unit
 * @param limit what PI-RADS asks for
 */
public record TechnicalParameter(String sequence, String name, Verdict verdict, String read, String limit) {}
