package walnut.server.pipeline;

import java.util.Locale;
import walnut.prostate.series.Reason;

/** Reasons for which DICOM has no code. */
final class Reasons {
    private static final String SCHEME = "99WALNUT";

    private Reasons() {}

    static Reason of(String code, String detail) {
        String meaning =
                code.charAt(0) + code.substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
        return new Reason(code, SCHEME, meaning, detail);
    }
}
