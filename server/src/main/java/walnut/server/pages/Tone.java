package walnut.server.pages;

import walnut.server.api.CaseSummary;

/** Which style a case's state takes; the words beside it say the same, so that colour is never needed. */
final class Tone {
    private Tone() {}

    static String of(CaseSummary summary) {
        return switch (summary.state()) {
            case COMPLETED -> Boolean.TRUE.equals(summary.positive()) ? "positive" : "negative";
            case NOT_ELIGIBLE, DISCARDED -> "refused";
            case FAILED -> "failed";
            case ASSEMBLING, QUEUED, RUNNING -> "waiting";
        };
    }
}
