package walnut.server.pages;

import java.time.Instant;
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
import walnut.server.api.Delivery.DestinationReport;
import walnut.server.api.Delivery.OutgoingReport;
import walnut.server.api.Deployment;
import walnut.server.api.ResultWording;
import walnut.server.api.Senders.Sender;
import walnut.server.api.Storage;

/**
 * The node for who runs it, ready to lay out.
 *
 * @param strangersMaySend whether the configuration names no sender, so that any on this machine may send
 * @param nextHref where older studies are; null on the last page
 */
public record AdminView(
        List<DeploymentLine> deployments,
        List<SenderLine> senders,
        boolean strangersMaySend,
        List<DestinationLine> destinations,
        Disk disk,
        List<WorklistView.Filter> filters,
        List<StudyLine> studies,
        @Nullable String nextHref) {

    public record DeploymentLine(
            String modelId,
            String href,
            String version,
            String state,
            String words,
            String since,
            String knownAnswer,
            String knownAnswerTone,
            String address) {}

    public record SenderLine(
            String aeTitle, String standing, String lastSeen, long associations, long stored, long notStored) {}

    /** @param held why it is held; null where it is not */
    public record DestinationLine(
            String name,
            String aeAddress,
            @Nullable String held,
            long pending,
            long delivered,
            long parked,
            String echoAddress,
            String holdAddress) {}

    /**
     * @param percent of the disk that is used
     * @param images what received images take, which is what retention may remove
     */
    public record Disk(
            String used, String free, String total, int percent, String images, String forecast, String retention) {}

    /**
     * @param patient whose study it is
     * @param resendAddress null where nothing was ever to be sent
     */
    public record StudyLine(
            String caseId,
            String shortId,
            String patient,
            String href,
            String studyInstanceUid,
            String state,
            String tone,
            String outcome,
            String received,
            String receivedIso,
            int instances,
            String sent,
            String sentTone,
            @Nullable String resendAddress,
            String reprocessAddress,
            String discardAddress,
            boolean putAside) {}

    static AdminView of(
            List<Deployment> deployments,
            List<Sender> senders,
            List<DestinationReport> destinations,
            Storage.Report disk,
            CasePage page,
            Map<CaseState, Long> counts,
            Set<CaseState> shown,
            Map<String, List<OutgoingReport>> objectsByPrediction) {
        return new AdminView(
                deployments.stream().map(AdminView::deployment).toList(),
                senders.stream().map(AdminView::sender).toList(),
                senders.stream().noneMatch(Sender::known),
                destinations.stream().map(AdminView::destination).toList(),
                disk(disk),
                filters(counts, shown),
                page.cases().stream()
                        .map(summary -> study(summary, objectsByPrediction))
                        .toList(),
                page.next() == null ? null : Hrefs.admin(query(shown), page.next()));
    }

    private static DeploymentLine deployment(Deployment deployment) {
        return new DeploymentLine(
                deployment.modelId(),
                Hrefs.model(deployment.modelId()),
                deployment.modelVersion(),
                deployment.state(),
                Words.deploymentState(deployment.state()),
                Words.minute(deployment.since()) + " UTC",
                Words.knownAnswer(deployment.knownAnswer()),
                deployment.knownAnswer() == null
                        ? "unknown"
                        : deployment.knownAnswer().equals("BROKEN") ? "fail" : "pass",
                Hrefs.deploymentState(deployment.modelId()));
    }

    private static SenderLine sender(Sender sender) {
        String rejection = sender.lastRejection();
        Instant seen = sender.lastSeenAt();
        return new SenderLine(
                sender.aeTitle(),
                rejection != null ? "Rejected: " + rejection : sender.known() ? "May send" : "Not named",
                seen == null ? "not since the start" : Words.minute(seen) + " UTC",
                sender.associations(),
                sender.stored(),
                sender.notStored());
    }

    private static DestinationLine destination(DestinationReport report) {
        return new DestinationLine(
                report.name(),
                report.address(),
                report.held(),
                report.pending(),
                report.delivered(),
                report.parked(),
                Hrefs.destination(report.name()) + "/echo",
                Hrefs.destination(report.name()) + "/hold");
    }

    private static Disk disk(Storage.Report report) {
        long used = report.totalBytes() - report.freeBytes();
        int percent = report.totalBytes() == 0 ? 0 : (int) Math.round(100.0 * used / report.totalBytes());
        return new Disk(
                Words.bytes(used),
                Words.bytes(report.freeBytes()),
                Words.bytes(report.totalBytes()),
                percent,
                report.images() + " images take " + Words.bytes(report.imageBytes()),
                report.isFull()
                        ? "The disk is full: images are refused for now and cases wait. Make room; both go on by themselves"
                        : forecast(report.forecast()),
                retention(report.retention()));
    }

    private static String forecast(Storage.Forecast forecast) {
        Double bytesPerDay = forecast.bytesPerDay();
        if (forecast.fullOn() == null || bytesPerDay == null) {
            return "When it is full cannot be said: "
                    + (String.valueOf(forecast.reason()).equals("NO_GROWTH")
                            ? "the images take no more room than before"
                            : "images came on too few days");
        }
        return "Full on " + forecast.fullOn() + " if images keep coming at " + Words.bytes(Math.round(bytesPerDay))
                + " a day, as on the last " + forecast.days() + " days, and nothing is removed";
    }

    private static String retention(Storage.Retention retention) {
        if (retention.ageDays() == null && retention.diskPercent() == null) {
            return "Images are never removed.";
        }
        return "Images are removed"
                + (retention.ageDays() == null ? "" : " after " + retention.ageDays() + " days")
                + (retention.diskPercent() == null ? "" : " while more than " + retention.diskPercent() + " % are used")
                + "."
                + (retention.suspended() == null ? "" : " Not now: " + retention.suspended() + ".");
    }

    private static List<WorklistView.Filter> filters(Map<CaseState, Long> counts, Set<CaseState> shown) {
        List<WorklistView.Filter> filters = new ArrayList<>();
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        filters.add(new WorklistView.Filter("Received", Hrefs.admin("", null), all, shown.isEmpty()));
        filters.add(filter("Complete", counts, shown, CaseState.COMPLETED));
        filters.add(filter("Refused", counts, shown, CaseState.NOT_ELIGIBLE));
        filters.add(filter("Failed", counts, shown, CaseState.FAILED));
        filters.add(filter("Put aside", counts, shown, CaseState.DISCARDED));
        filters.add(filter("Under way", counts, shown, CaseState.ASSEMBLING, CaseState.QUEUED, CaseState.RUNNING));
        return filters;
    }

    private static WorklistView.Filter filter(
            String label, Map<CaseState, Long> counts, Set<CaseState> shown, CaseState... states) {
        Set<CaseState> these = Set.of(states);
        long count = Stream.of(states)
                .mapToLong(state -> counts.getOrDefault(state, 0L))
                .sum();
        return new WorklistView.Filter(label, Hrefs.admin(query(these), null), count, shown.equals(these));
    }

    private static String query(Set<CaseState> states) {
        return states.stream().sorted().map(state -> "state=" + state.name()).collect(Collectors.joining("&"));
    }

    private static StudyLine study(CaseSummary summary, Map<String, List<OutgoingReport>> objectsByPrediction) {
        String predictionId = summary.predictionId();
        List<OutgoingReport> objects =
                predictionId == null ? List.of() : objectsByPrediction.getOrDefault(predictionId, List.of());
        long parked = count(objects, "PARKED");
        return new StudyLine(
                summary.caseId(),
                Words.shortId(summary.caseId()),
                ResultWording.orUnknown(Words.patient(summary)),
                Hrefs.ofCase(summary.caseId()),
                summary.studyInstanceUid(),
                Words.state(summary.state()),
                summary.state() == CaseState.COMPLETED ? "negative" : Tone.of(summary),
                explained(summary),
                Words.minute(summary.receivedAt()),
                summary.receivedAt().toString(),
                summary.instances(),
                sent(objects, parked),
                tone(objects, parked),
                objects.isEmpty() || predictionId == null ? null : Hrefs.prediction(predictionId) + "/resend",
                Hrefs.apiCase(summary.caseId()) + "/reprocess",
                Hrefs.apiCase(summary.caseId()) + "/discard",
                summary.state() == CaseState.DISCARDED);
    }

    /** What became of the study itself; what the model said of it is not for this page. */
    private static String explained(CaseSummary summary) {
        return switch (summary.state()) {
            case NOT_ELIGIBLE, FAILED -> summary.explanation() == null ? "no reason was given" : summary.explanation();
            case COMPLETED -> summary.hidesResult() ? "a model ran in silence" : "a result is there";
            default -> Words.outcome(summary);
        };
    }

    private static String sent(List<OutgoingReport> objects, long parked) {
        if (objects.isEmpty()) {
            return "nothing to send";
        }
        long pending = count(objects, "PENDING");
        String delivered = count(objects, "DELIVERED") + " of " + objects.size() + " objects sent";
        return delivered
                + (pending > 0 ? ", " + pending + " waiting" : "")
                + (parked > 0 ? ", " + parked + " given up" : "");
    }

    private static String tone(List<OutgoingReport> objects, long parked) {
        if (objects.isEmpty()) {
            return "quiet";
        }
        return parked > 0 ? "verdict fail" : count(objects, "PENDING") > 0 ? "verdict unknown" : "verdict pass";
    }

    private static long count(List<OutgoingReport> objects, String state) {
        return objects.stream().filter(object -> object.state().equals(state)).count();
    }
}
