package walnut.server.security;

import static walnut.server.security.Role.ADMINISTRATOR;
import static walnut.server.security.Role.AUDITOR;
import static walnut.server.security.Role.ML_ENGINEER;
import static walnut.server.security.Role.OPERATOR;
import static walnut.server.security.Role.RADIOLOGIST;
import static walnut.server.security.Role.SERVICE;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import walnut.server.security.AccessRule.Noted;

/**
 * The law: every address that this node answers, who may use it, and what the ledger says of it. An address that is not
 * here is refused to everybody. The administrator may whatever an operator may.
 *
 * <p>{@code docs/access.md} shows this table and is written from it by a test; the OpenAPI document takes its roles from it.
 */
public final class AccessRules {
    private static final Set<Role> EVERYBODY = Set.of();
    private static final Set<Role> ANY_ROLE = EnumSet.allOf(Role.class);
    /** Whoever works with cases. What a silent model said is shown to the ML engineer alone, wherever it would appear. */
    private static final Set<Role> PEOPLE = Set.of(RADIOLOGIST, ML_ENGINEER, OPERATOR, AUDITOR);

    /** Whose word about a case is kept. */
    private static final Set<Role> READERS = Set.of(RADIOLOGIST);

    private static final String CASE = "/api/v1/cases/:caseId";
    private static final String PREDICTION = "/api/v1/predictions/:predictionId";
    private static final String DESTINATION = "/api/v1/destinations/:name";

    private static final List<AccessRule> ALL = List.of(
            // Pages
            get("/", PEOPLE, look("WORKLIST_READ", "worklist")),
            get("/find", Set.of(RADIOLOGIST, OPERATOR), look("WORKLIST_READ", "worklist")),
            rule("POST", "/find", Set.of(RADIOLOGIST, OPERATOR), look("WORKLIST_SEARCHED", "worklist")),
            get("/cases/:caseId", PEOPLE, look("CASE_READ", ":caseId")),
            get("/cases/:caseId/reviews", PEOPLE, look("CASE_READ", ":caseId")),
            rule("POST", "/cases/:caseId/reviews", READERS, change("CASE_REVIEWED", ":caseId")),
            get("/cases/:caseId/clinical-context", PEOPLE, look("CASE_READ", ":caseId")),
            rule("POST", "/cases/:caseId/clinical-context", READERS, change("CONTEXT_ENTERED", ":caseId")),
            get("/models", PEOPLE),
            get("/models/:modelId", PEOPLE),
            get("/sign-in", EVERYBODY),
            rule("POST", "/sign-in", EVERYBODY),
            get("/sign-in/:link", EVERYBODY),
            rule("POST", "/sign-out", EVERYBODY),
            get("/web/walnut.css", EVERYBODY),
            get("/web/walnut.svg", EVERYBODY),
            get("/web/colour-bar.png", EVERYBODY),
            get("/web/case.js", EVERYBODY),
            get("/web/review.js", EVERYBODY),
            get("/web/worklist.js", EVERYBODY),
            get("/admin", Set.of(OPERATOR), look("WORKLIST_READ", "worklist")),
            get("/web/admin.js", EVERYBODY),

            // Cases and predictions
            get("/api/v1/cases", PEOPLE, look("WORKLIST_READ", "worklist")),
            get(CASE, PEOPLE, look("CASE_READ", ":caseId")),
            get(CASE + "/panes/:pane/:slice.png", PEOPLE, look("CASE_READ", ":caseId")),
            get("/api/v1/events", PEOPLE),
            get(PREDICTION, PEOPLE, look("PREDICTION_READ", ":predictionId")),

            // What readers say
            get(CASE + "/reviews", PEOPLE, look("CASE_READ", ":caseId")),
            get(PREDICTION + "/reviews", PEOPLE, look("PREDICTION_READ", ":predictionId")),
            rule("POST", PREDICTION + "/reviews", READERS, change("PREDICTION_REVIEWED", ":predictionId")),
            get(PREDICTION + "/review-draft", READERS, look("PREDICTION_READ", ":predictionId")),
            rule("PUT", PREDICTION + "/review-draft", READERS, look("REVIEW_DRAFTED", ":predictionId")),
            rule("DELETE", PREDICTION + "/review-draft", READERS, look("REVIEW_DRAFTED", ":predictionId")),
            get(CASE + "/clinical-context", PEOPLE, look("CASE_READ", ":caseId")),
            rule("PUT", CASE + "/clinical-context", Set.of(RADIOLOGIST, SERVICE), change("CONTEXT_ENTERED", ":caseId")),
            rule(
                    "POST",
                    PREDICTION + "/replay",
                    Set.of(ML_ENGINEER, AUDITOR),
                    change("PREDICTION_REPLAYED", ":predictionId")),

            // Labels and figures
            get("/api/v1/labels", Set.of(RADIOLOGIST, ML_ENGINEER, AUDITOR), look("LABELS_READ", ":caseId")),
            rule("POST", "/api/v1/labels", Set.of(ML_ENGINEER, SERVICE), change("LABELS_SUBMITTED", "labels")),
            get("/api/v1/monitoring/:modelId", Set.of(ML_ENGINEER, AUDITOR)),

            // Operation
            get("/api/v1/deployments", PEOPLE),
            rule("PUT", "/api/v1/deployments/:modelId/state", Set.of(OPERATOR, ML_ENGINEER)),
            get("/api/v1/senders", Set.of(OPERATOR, AUDITOR)),
            get("/api/v1/destinations", Set.of(OPERATOR, AUDITOR)),
            rule("POST", DESTINATION + "/echo", Set.of(OPERATOR)),
            rule("PUT", DESTINATION + "/hold", Set.of(OPERATOR), change("DESTINATION_HELD", ":name")),
            rule("DELETE", DESTINATION + "/hold", Set.of(OPERATOR), change("DESTINATION_RELEASED", ":name")),
            get("/api/v1/outbox", Set.of(OPERATOR, AUDITOR)),
            get(PREDICTION + "/objects", PEOPLE, look("PREDICTION_READ", ":predictionId")),
            rule("POST", PREDICTION + "/resend", Set.of(OPERATOR), change("PREDICTION_RESENT", ":predictionId")),
            rule("POST", CASE + "/reprocess", Set.of(OPERATOR, ML_ENGINEER), change("CASE_REPROCESSED", ":caseId")),
            rule("PUT", CASE + "/discard", Set.of(OPERATOR), change("CASE_DISCARDED", ":caseId")),
            rule("DELETE", CASE + "/discard", Set.of(OPERATOR), change("CASE_TAKEN_UP_AGAIN", ":caseId")),
            rule("POST", "/api/v1/reprocess", Set.of(OPERATOR, ML_ENGINEER), change("CASES_REPROCESSED", "cases")),
            get("/api/v1/conflicts", Set.of(OPERATOR, AUDITOR)),
            rule("POST", "/api/v1/conflicts", Set.of(OPERATOR), change("CONFLICT_ENDED", "conflicts")),
            get("/api/v1/storage", Set.of(OPERATOR, ML_ENGINEER, AUDITOR)),
            rule("POST", "/api/v1/storage/sweep", Set.of(OPERATOR), change("STORAGE_SWEPT", "storage")),
            get("/api/v1/non-patient-objects", Set.of(OPERATOR, AUDITOR)),

            // Access itself; what is changed there is noted where it is done
            get("/api/v1/tokens", Set.of(ADMINISTRATOR)),
            rule("POST", "/api/v1/tokens", Set.of(ADMINISTRATOR)),
            rule("DELETE", "/api/v1/tokens/:tokenId", Set.of(ADMINISTRATOR)),
            get("/api/v1/audit", Set.of(AUDITOR), look("LEDGER_READ", "ledger")),

            // Machines
            get("/api/v1/openapi.json", ANY_ROLE),
            get("/health/live", EVERYBODY),
            get("/health/ready", EVERYBODY),
            get("/metrics", Set.of(SERVICE, OPERATOR, ML_ENGINEER, AUDITOR)));

    private static final Map<String, AccessRule> BY_ADDRESS = ALL.stream()
            .collect(Collectors.toUnmodifiableMap(rule -> address(rule.method(), rule.path()), Function.identity()));

    private AccessRules() {}

    /** In the order to show them. */
    public static List<AccessRule> all() {
        return ALL;
    }

    /** @param path as the router declares it; empty for an address that the law does not know */
    public static Optional<AccessRule> of(String method, String path) {
        return Optional.ofNullable(BY_ADDRESS.get(address(method, path)));
    }

    private static String address(String method, String path) {
        return method + " " + path;
    }

    private static AccessRule get(String path, Set<Role> roles) {
        return rule("GET", path, roles);
    }

    private static AccessRule get(String path, Set<Role> roles, Noted noted) {
        return rule("GET", path, roles, noted);
    }

    private static AccessRule rule(String method, String path, Set<Role> roles) {
        return new AccessRule(method, path, roles, null);
    }

    private static AccessRule rule(String method, String path, Set<Role> roles, Noted noted) {
        return new AccessRule(method, path, roles, noted);
    }

    private static Noted look(String action, String subject) {
        return new Noted(action, subject, true);
    }

    private static Noted change(String action, String subject) {
        return new Noted(action, subject, false);
    }
}
