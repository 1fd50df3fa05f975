package walnut.server.pages;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import walnut.server.frames.Pane;

/** Addresses of ours; ids are encoded, whatever they hold. */
final class Hrefs {
    private Hrefs() {}

    static String worklist(String stateQuery, @Nullable String before) {
        List<String> parts = Stream.of(stateQuery, before == null ? "" : "before=" + encoded(before))
                .filter(part -> !part.isEmpty())
                .toList();
        return parts.isEmpty() ? "/" : "/?" + parts.stream().collect(Collectors.joining("&"));
    }

    static String admin(String stateQuery, @Nullable String before) {
        String worklist = worklist(stateQuery, before);
        return "/admin" + worklist.substring(1);
    }

    static String apiCase(String caseId) {
        return "/api/v1/cases/" + encoded(caseId);
    }

    static String destination(String name) {
        return "/api/v1/destinations/" + encoded(name);
    }

    static String deploymentState(String modelId) {
        return "/api/v1/deployments/" + encoded(modelId) + "/state";
    }

    static String ofCase(String caseId) {
        return "/cases/" + encoded(caseId);
    }

    static String reviews(String caseId) {
        return ofCase(caseId) + "/reviews";
    }

    static String clinicalContext(String caseId) {
        return ofCase(caseId) + "/clinical-context";
    }

    /** The case's page after a review was stored: tells the page's script to let go of what it kept. */
    static String reviewed(String caseId, int version) {
        return ofCase(caseId) + "?reviewed=" + version + "#review";
    }

    static String model(String modelId) {
        return "/models/" + encoded(modelId);
    }

    static String prediction(String predictionId) {
        return "/api/v1/predictions/" + encoded(predictionId);
    }

    /** A pane's picture up to the slice number; the page's script puts slice and {@code .png} behind it. */
    static String pane(String caseId, Pane pane) {
        return "/api/v1/cases/" + encoded(caseId) + "/panes/" + pane.pathSegment() + "/";
    }

    private static String encoded(String id) {
        // Form encoding writes a space as +, which a path would take literally.
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String revisionQuery(String revision) {
        return "?revision=" + encoded(revision);
    }
}
