package walnut.server.pages;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import walnut.monitoring.statistic.Reason;
import walnut.server.api.CaseState;
import walnut.server.api.CaseSummary;
import walnut.server.api.ReportedStatistic;
import walnut.server.api.ResultWording;

/** How the pages say things: one wording for each state, score, figure and time. */
final class Words {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Words() {}

    static String state(CaseState state) {
        return switch (state) {
            case ASSEMBLING -> "Arriving";
            case QUEUED -> "Waiting";
            case RUNNING -> "Running";
            case COMPLETED -> "Completed";
            case NOT_ELIGIBLE -> "Refused";
            case FAILED -> "Failed";
            case DISCARDED -> "Put aside";
        };
    }

    /** The outcome in a sentence. Never "no cancer": a model that sees nothing has not ruled anything out. */
    static String outcome(CaseSummary summary) {
        return switch (summary.state()) {
            case ASSEMBLING ->
                summary.explanation() == null ? "Images are arriving" : "Waiting: " + summary.explanation();
            case QUEUED -> "Waiting for its turn";
            case RUNNING -> "Being read by the model";
            case COMPLETED ->
                summary.hidesResult()
                        ? "A model ran in silence; its result is not shown"
                        : ResultWording.decision(summary.positive());
            case NOT_ELIGIBLE -> "Refused: " + ResultWording.orUnknown(summary.explanation());
            case FAILED -> "Failed: " + ResultWording.orUnknown(summary.explanation());
            case DISCARDED -> "Nothing is inferred: " + ResultWording.orUnknown(summary.explanation());
        };
    }

    static String score(@Nullable Double score) {
        return score == null ? "–" : String.format(Locale.ROOT, "%.3f", score);
    }

    static String minute(Instant instant) {
        return MINUTE.format(instant);
    }

    /** A DICOM date as YYYY-MM-DD where it is one, else as it came. */
    static String dicomDate(@Nullable String date) {
        if (date == null || date.isBlank()) {
            return "unknown";
        }
        return date.matches("[0-9]{8}")
                ? date.substring(0, 4) + "-" + date.substring(4, 6) + "-" + date.substring(6)
                : date;
    }

    /** A number without needless decimals: a b-value of 1400 is not 1400.0. */
    static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e9
                ? Long.toString((long) number)
                : String.format(Locale.ROOT, "%.3g", number);
    }

    /** A patient position, LPS millimetres. */
    static String position(double[] lps) {
        return String.format(Locale.ROOT, "%.1f, %.1f, %.1f mm (LPS)", lps[0], lps[1], lps[2]);
    }

    static String statistic(ReportedStatistic statistic) {
        Double value = statistic.value();
        if (value == null) {
            return "Undefined: " + reason(String.valueOf(statistic.reason()));
        }
        ReportedStatistic.Interval interval = statistic.interval();
        if (interval == null) {
            return String.format(Locale.ROOT, "%.3f", value);
        }
        return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", value, interval.lower(), interval.upper());
    }

    /** A statistic's reason for people; what is no name of ours is told as it is. */
    private static String reason(String name) {
        return Arrays.stream(Reason.values())
                .filter(reason -> reason.name().equals(name))
                .findFirst()
                .map(Reason::sentence)
                .orElse(name);
    }

    /** What the interval is and on how many cases the figure rests. */
    static String footing(ReportedStatistic statistic) {
        ReportedStatistic.Interval interval = statistic.interval();
        String n = "n = " + statistic.n();
        return interval == null ? n : n + ", " + plain(interval.level() * 100) + " % interval, " + interval.method();
    }

    static String knownAnswer(@Nullable String verdict) {
        if (verdict == null) {
            return "Not run yet";
        }
        return switch (verdict) {
            case "BITWISE" -> "Bit for bit as recorded";
            case "WITHIN_TOLERANCE" -> "Within the passport's tolerance, not bit for bit";
            case "BROKEN" -> "Broken: the model does not give its recorded answer here";
            default -> verdict;
        };
    }

    static String deploymentState(String state) {
        return switch (state) {
            case "SILENT" -> "Silent: predicts and is measured, nothing leaves this node";
            case "ASSIST" -> "Assist: results are sent";
            case "STOPPED" -> "Stopped";
            default -> state;
        };
    }

    /** Whose study it is; null for whoever is not told. */
    static @Nullable String patient(CaseSummary summary) {
        if (summary.patientId() == null) {
            return null;
        }
        return summary.patientId().isBlank() ? "no Patient ID" : summary.patientId();
    }

    /** The end of an id: cases that came within one hour begin alike. */
    static String shortId(String id) {
        return id.length() > 12 ? "…" + id.substring(id.length() - 12) : id;
    }

    /** Bytes in the unit that leaves a readable number. */
    static String bytes(long bytes) {
        if (bytes < 1_000_000_000L) {
            return String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
        }
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    static String shortDigest(@Nullable String digest) {
        if (digest == null) {
            return "unknown";
        }
        return digest.length() > 12 ? digest.substring(0, 12) : digest;
    }
}
