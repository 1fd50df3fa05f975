package walnut.server.pages;

import java.util.Map;
import walnut.server.api.Problem;

/** What a form carried and could not be taken, and why: it is shown filled in again. */
record RefusedForm(Map<String, String> fields, Problem problem) {
    RefusedForm {
        fields = Map.copyOf(fields);
    }
}
