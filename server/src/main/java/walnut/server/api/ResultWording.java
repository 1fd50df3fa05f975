package walnut.server.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a result is put into words, on our pages as in what the PACS gets: one wording for each thing said of a case. */
public final class ResultWording {
    private ResultWording() {}

    /** Never "no cancer": a model that sees nothing has not ruled anything out. */
    public static String decision(@Nullable Boolean positive) {
        if (positive == null) {
            return "Scored, no operating point";
        }
        return positive ? "Candidate above threshold" : "No candidate above threshold";
    }

    public static String scoreKind(@Nullable String kind) {
        if (kind == null) {
            return "no score";
        }
        return switch (kind) {
            case "SYNTHETIC" -> "synthetic score";
            case "PROBABILITY" -> "probability";
            default -> "score";
        };
    }

    /** What must stand beside every result of this kind. */
    public static String banner(@Nullable String scoreKind) {
        String researchOnly = "Research use only, not a medical device.";
        if (scoreKind == null) {
            return researchOnly;
        }
        return switch (scoreKind) {
            case "SYNTHETIC" ->
                "Synthetic score: the model was trained on computer-made phantoms and has never seen a patient. "
                        + researchOnly;
            case "PROBABILITY" ->
                "Probability as calibrated for the population in the model's passport. " + researchOnly;
            default -> "Uncalibrated score, not a probability. " + researchOnly;
        };
    }

    public static String side(@Nullable String side) {
        if (side == null) {
            return "Side unknown";
        }
        return switch (side.toUpperCase(Locale.ROOT)) {
            case "LEFT", "L" -> "Left";
            case "RIGHT", "R" -> "Right";
            case "MIDLINE", "MEDIAN", "MIDDLE" -> "Midline";
            default -> side;
        };
    }

    public static String volume(@Nullable Double cubicMillimetres) {
        return cubicMillimetres == null
                ? "volume unknown"
                : String.format(Locale.ROOT, "%.2f mL", cubicMillimetres / 1000);
    }

    public static String length(@Nullable Double millimetres) {
        return millimetres == null ? "length unknown" : String.format(Locale.ROOT, "%.0f mm", millimetres);
    }

    /** Where a high-b image comes from. */
    public static String highBSource(@Nullable String source) {
        if (source == null) {
            return "source unknown";
        }
        return switch (source) {
            case "ACQUIRED" -> "acquired";
            case "SCANNER_COMPUTED" -> "computed by the scanner";
            case "COMPUTED" -> "computed by Walnut from lower b-values";
            default -> source;
        };
    }

    public static String orUnknown(@Nullable String text) {
        return text == null || text.isBlank() ? "unknown" : text;
    }
}
