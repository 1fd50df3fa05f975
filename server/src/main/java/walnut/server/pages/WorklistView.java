package walnut.server.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        List<Filter> filters,
        List<Row> rows,
        @Nullable String nextHref,
        @Nullable String firstHref,
        String banner,
        @Nullable String found,
        boolean maySearch) {

    /** A link that narrows the list, with how many cases it leads to. */
    public record Filter(String label, String href, long count, boolean current) {}

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
        String query = query(shown);
        String next = page.next() == null ? null : Hrefs.worklist(query, page.next());
        String first = before == null ? null : Hrefs.worklist(query, null);
        return new WorklistView(filters(counts, shown), rows, next, first, banner(page), null, maySearch);
    }

    /** Every study that a search found; no state is chosen. */
    static WorklistView found(String text, CasePage page, Map<CaseState, Long> counts) {
        List<Filter> filters = filters(counts, Set.of()).stream()
                .map(filter -> new Filter(filter.label(), filter.href(), filter.count(), false))
                .toList();
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

    private static List<Filter> filters(Map<CaseState, Long> counts, Set<CaseState> shown) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        List<Filter> filters = new ArrayList<>();
        filters.add(new Filter("All", Hrefs.worklist("", null), all, shown.isEmpty()));
        filters.add(filter("Completed", counts, shown, CaseState.COMPLETED));
        filters.add(filter("Refused", counts, shown, CaseState.NOT_ELIGIBLE));
        filters.add(filter("Failed", counts, shown, CaseState.FAILED));
        filters.add(filter("Under way", counts, shown, CaseState.ASSEMBLING, CaseState.QUEUED, CaseState.RUNNING));
        return filters;
    }

    private static Filter filter(String label, Map<CaseState, Long> counts, Set<CaseState> shown, CaseState... states) {
        Set<CaseState> these = Set.of(states);
        long count = Stream.of(states)
                .mapToLong(state -> counts.getOrDefault(state, 0L))
                .sum();
        return new Filter(label, Hrefs.worklist(query(these), null), count, shown.equals(these));
    }

    private static String query(Set<CaseState> states) {
        return states.stream().sorted().map(state -> "state=" + state.name()).collect(Collectors.joining("&"));
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
