package walnut.server.pages;

import java.util.Arrays;
import java.util.Map;
import walnut.failure.FailureCategory;
import walnut.failure.FailureCode;

/** What a reader or an administrator can do about a reason, by its code. */
final class Advice {
    private static final Map<String, String> BY_CODE = Map.ofEntries(
            Map.entry(
                    "130583",
                    "Send the diffusion series with the missing b-value from the scanner or the PACS; the case is then "
                            + "assembled again by itself."),
            Map.entry(
                    "130585",
                    "Send the ADC map, or the diffusion series with at least two b-values; the case is then assembled "
                            + "again by itself."),
            Map.entry(
                    "130574",
                    "Send the missing images again; what has arrived is kept and the case is assembled again by itself."),
            Map.entry(
                    "MISSING_SLICE",
                    "Send the series again from the scanner or the PACS: a slice inside it did not arrive."),
            Map.entry(
                    "OUT_OF_INTENDED_USE",
                    "These images are not what the model is meant for. Take the score as a technical demonstration "
                            + "only."),
            Map.entry(
                    "AMBIGUOUS_T2W",
                    "Several axial T2W series fitted and the later one was used: check below that it is the right one."),
            Map.entry(
                    "ADC_INCONSISTENT",
                    "The ADC map does not agree with the diffusion images it should come from: read both with care."),
            Map.entry("INPUT_GONE", "Retention has removed the images. Send the study again to see it."));

    private Advice() {}

    static String on(String code) {
        String advice = BY_CODE.get(code);
        return advice != null ? advice : byCategory(code);
    }

    private static String byCategory(String code) {
        return Arrays.stream(FailureCode.values())
                .filter(known -> known.name().equals(code))
                .findFirst()
                .map(known -> ofCategory(known.category()))
                .orElse("Read this case without the model. If the reason looks wrong, show it to the administrator.");
    }

    private static String ofCategory(FailureCategory category) {
        return switch (category) {
            case INPUT ->
                "The images cannot be used as they came. Send the study again; if it stays so, read it without the "
                        + "model.";
            case PEER -> "The sender did not behave as expected: ask the PACS administrator.";
            case RESOURCE -> "This node was short of a resource. It tries again by itself; tell its administrator.";
            case EXTERNAL -> "A system outside did not answer. It is tried again by itself.";
            case INTERNAL -> "A defect on our side: read this case without the model and tell the administrator.";
        };
    }
}
