package walnut.server.pipeline;

import java.util.Locale;
import walnut.prostate.series.Reason;
import walnut.prostate.series.ReasonTable;

/** Reasons of a case: the table's, and failures of the node, which are no reason of the study's and stand in no table. */
final class Reasons {
    private static final String SCHEME = "99WALNUT";

    private Reasons() {}

    /** @param name a row of the table, or the name of a failure code */
    static Reason of(String name, String detail) {
        if (ReasonTable.names().contains(name)) {
            return ReasonTable.reason(name, detail);
        }
        String meaning =
                name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
        return new Reason(name, SCHEME, meaning, detail);
    }
}
