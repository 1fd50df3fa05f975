package walnut.server.pages;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import walnut.server.api.CasePage;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;
import walnut.server.api.ResultWording;

/**
 * The worklist, ready to lay out.
 *
 * @param found what was searched for; null where all is listed
 * @param maySearch whether whoever looks is told whose studies these are
 * @param nextHref where the next page is; null on the last
 * @param firstHref where the first page is; null when this is it
 */
public record WorklistView(
        List<StateFilter> filters,
        List<Row> rows,
        @Nullable String nextHref,
        @Nullable String firstHref,
        String banner,
        @Nullable String found,
        boolean maySearch) {

    /**
     * One case; {@code tone} names the style of its state.
     *
     * @param patient whose study it is; null for whoever is not told
     */
    public record Row(
            String caseId,
            String shortId,
            @Nullable String patient,
            String href,
            String studyDate,
            String receivedAt,
            String receivedIso,
            String state,
            String tone,
            String outcome,
            String score,
            String scoreKind,
            @Nullable String model,
            @Nullable String modelHref,
            int instances) {}

    static WorklistView of(
            CasePage page,
            Map<CaseState, Long> counts,
            Set<CaseState> shown,
            @Nullable String before,
            boolean maySearch) {
        List<Row> rows = page.cases().stream().map(WorklistView::row).toList();
        String query = StateFilter.query(shown);
        String next = page.next() == null ? null : Hrefs.worklist(query, page.next());
        String first = before == null ? null : Hrefs.worklist(query, null);
        return new WorklistView(filters(counts, shown), rows, next, first, banner(page), null, maySearch);
    }

    /** Every study that a search found; no state is chosen. */
    static WorklistView found(String text, CasePage page, Map<CaseState, Long> counts) {
        List<StateFilter> filters =
                filters(counts, Set.of()).stream().map(StateFilter::notChosen).toList();
        List<Row> rows = page.cases().stream().map(WorklistView::row).toList();
        return new WorklistView(filters, rows, null, null, banner(page), text, true);
    }

    private static String banner(CasePage page) {
        return page.cases().stream()
                .map(CaseSummary::scoreKind)
                .filter(kind -> kind != null)
                .findFirst()
                .map(ResultWording::banner)
                .orElse(ResultWording.banner(null));
    }

    private static List<StateFilter> filters(Map<CaseState, Long> counts, Set<CaseState> shown) {
        StateFilter.Page page = new StateFilter.Page(query -> Hrefs.worklist(query, null), counts, shown);
        return List.of(
                page.all("All"),
                page.of("Completed", CaseState.COMPLETED),
                page.of("Refused", CaseState.NOT_ELIGIBLE),
                page.of("Failed", CaseState.FAILED),
                page.underWay());
    }

    private static Row row(CaseSummary summary) {
        boolean completed = summary.state() == CaseState.COMPLETED;
        String modelId = summary.modelId();
        return new Row(
                summary.caseId(),
                Words.shortId(summary.caseId()),
                Words.patient(summary),
                Hrefs.ofCase(summary.caseId()),
                Words.dicomDate(summary.studyDate()),
                Words.minute(summary.receivedAt()),
                summary.receivedAt().toString(),
                Words.state(summary.state()),
                Tone.of(summary),
                Words.outcome(summary),
                completed ? Words.score(summary.caseScore()) : "–",
                completed ? ResultWording.scoreKind(summary.scoreKind()) : "",
                modelId,
                modelId == null ? null : Hrefs.model(modelId),
                summary.instances());
    }
}
