package walnut.server.pages;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import walnut.server.api.CasePage;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;
import walnut.server.api.Delivery.DestinationReport;
import walnut.server.api.Delivery.OutgoingReport;
import walnut.server.api.Deployment;
import walnut.server.api.NonPatientObjects;
import walnut.server.api.ResultWording;
import walnut.server.api.Senders.Sender;
import walnut.server.api.Storage;

/**
 * The node for who runs it, ready to lay out.
 *
 * @param strangersMaySend whether the configuration names no sender, so that any on this machine may send
 * @param furtherNonPatientObjects how many there are beside those listed
 * @param nextHref where older studies are; null on the last page
 */
public record AdminView(
        List<DeploymentLine> deployments,
        List<SenderLine> senders,
        boolean strangersMaySend,
        List<DestinationLine> destinations,
        Disk disk,
        List<ObjectLine> nonPatientObjects,
        long furtherNonPatientObjects,
        List<StateFilter> filters,
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

    /** An object that belongs to no patient. */
    public record ObjectLine(
            String sopClass, String sopInstanceUid, String sender, String received, String receivedIso, String size) {}

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
            NonPatientObjects.Listing nonPatientObjects,
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
                nonPatientObjects.objects().stream().map(AdminView::object).toList(),
                nonPatientObjects.total() - nonPatientObjects.objects().size(),
                filters(counts, shown),
                page.cases().stream()
                        .map(summary -> study(summary, objectsByPrediction))
                        .toList(),
                page.next() == null ? null : Hrefs.admin(StateFilter.query(shown), page.next()));
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

    private static ObjectLine object(NonPatientObjects.Item item) {
        return new ObjectLine(
                item.sopClass(),
                item.sopInstanceUid(),
                item.callingAeTitle(),
                Words.minute(item.receivedAt()),
                item.receivedAt().toString(),
                Words.bytes(item.sizeBytes()));
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

    private static List<StateFilter> filters(Map<CaseState, Long> counts, Set<CaseState> shown) {
        StateFilter.Page page = new StateFilter.Page(query -> Hrefs.admin(query, null), counts, shown);
        return List.of(
                page.all("Received"),
                page.of("Complete", CaseState.COMPLETED),
                page.of("Refused", CaseState.NOT_ELIGIBLE),
                page.of("Failed", CaseState.FAILED),
                page.of("Put aside", CaseState.DISCARDED),
                page.underWay());
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
