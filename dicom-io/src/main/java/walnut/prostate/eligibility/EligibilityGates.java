package walnut.prostate.eligibility;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.prostate.series.Channel;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/** The gates that headers and geometry can decide (design §4, "Eligible by evidence"). One that fails refuses the case. */
public final class EligibilityGates {
    private static final int ADULT_YEARS = 18;
    private static final Pattern AGE = Pattern.compile("(\\d{3})([DWMY])");
    private static final Pattern PROSTATE = Pattern.compile("prosta|pirads|pi-rads|psma");
    private static final Pattern PELVIS = Pattern.compile("pelvi|becken|bassin");
    /** Regions whose diffusion-weighted studies look complete to a machine and are no prostates. */
    private static final Pattern OTHER_REGION =
            Pattern.compile("rect(um|al)|blase|bladder|uter(us|ine)|cervix|ovar|hip\\b"
                    + "|hueft|spine|spinal|wirbel|brain|head\\b|kopf|knee|breast|liver|kidney|heart");

    private EligibilityGates() {}

    /**
     * Gates that need headers only.
     *
     * @param t2w header of one image of the chosen T2W series
     */
    public static List<Gate> ofHeaders(DataSet t2w) {
        return List.of(sex(t2w), age(t2w), region(t2w));
    }

    private static Gate sex(DataSet header) {
        String sex = header.string(Tag.PatientSex).orElse("").toUpperCase(Locale.ROOT);
        return switch (sex) {
            case "M" -> new Gate("PATIENT_SEX", Verdict.PASS, "PatientSex M");
            case "F" -> new Gate("PATIENT_SEX", Verdict.FAIL, "PatientSex F: no prostate is expected");
            default -> new Gate("PATIENT_SEX", Verdict.UNKNOWN, "PatientSex " + orAbsent(sex));
        };
    }

    private static Gate age(DataSet header) {
        String age = header.string(Tag.PatientAge).orElse("");
        Matcher matcher = AGE.matcher(age);
        if (!matcher.matches()) {
            return new Gate("PATIENT_AGE", Verdict.UNKNOWN, "PatientAge " + orAbsent(age));
        }
        boolean adult = matcher.group(2).equals("Y") && Integer.parseInt(matcher.group(1)) >= ADULT_YEARS;
        return new Gate(
                "PATIENT_AGE",
                adult ? Verdict.PASS : Verdict.FAIL,
                "PatientAge " + age + (adult ? "" : ": models are made for adults"));
    }

    private static Gate region(DataSet header) {
        String codes = header.items(Tag.AnatomicRegionSequence).stream()
                .flatMap(item -> item.string(Tag.CodeMeaning).stream())
                .collect(Collectors.joining(" "));
        String texts = Stream.of(
                        header.string(Tag.BodyPartExamined),
                        header.string(Tag.StudyDescription),
                        header.string(Tag.ProtocolName),
                        header.string(Tag.RequestedProcedureDescription),
                        header.string(Tag.SeriesDescription),
                        Optional.of(codes))
                .flatMap(Optional::stream)
                .filter(text -> !text.isBlank())
                .distinct()
                .collect(Collectors.joining(" | "));
        String lower = texts.toLowerCase(Locale.ROOT);
        Matcher other = OTHER_REGION.matcher(lower);
        if (PROSTATE.matcher(lower).find()) {
            return new Gate("BODY_REGION", Verdict.PASS, "texts name the prostate");
        }
        if (other.find()) {
            return new Gate("BODY_REGION", Verdict.FAIL, "texts name '" + other.group() + "' and nowhere the prostate");
        }
        if (PELVIS.matcher(lower).find()) {
            return new Gate("BODY_REGION", Verdict.PASS, "texts name the pelvis");
        }
        return new Gate("BODY_REGION", Verdict.UNKNOWN, "no text or code names a region");
    }

    /**
     * Whether each other volume covers the T2W extent to within a slice, along the T2W slice axis.
     *
     * @param volumes by channel, in one frame of reference (LPS, mm)
     */
    public static Gate coverage(Map<Channel, Volume> volumes) {
        Volume t2w = volumes.get(Channel.T2W);
        if (t2w == null) {
            return new Gate("COVERAGE", Verdict.UNKNOWN, "no T2W volume");
        }
        StringBuilder read = new StringBuilder();
        for (Channel channel : Channel.values()) {
            Volume other = volumes.get(channel);
            if (channel == Channel.T2W || other == null) {
                continue;
            }
            double missing = uncoveredSlices(t2w.geometry(), other.geometry());
            if (missing > 1) {
                return new Gate(
                        "COVERAGE",
                        Verdict.FAIL,
                        String.format(
                                Locale.ROOT,
                                "%s leaves %.1f T2W slices uncovered; at most 1 may be",
                                channel,
                                missing));
            }
            read.append(read.isEmpty() ? "" : ", ").append(channel);
        }
        return new Gate("COVERAGE", Verdict.PASS, read + " cover the T2W extent to within a slice");
    }

    /**
     * How many T2W slices at the worse end lie beyond the other volume, measured on the T2W axis through the middle: a
     * slice counts from the centre of the other's last slice plus half its thickness.
     */
    private static double uncoveredSlices(VolumeGeometry t2w, VolumeGeometry other) {
        return Math.max(beyond(t2w, other, 0), beyond(t2w, other, t2w.slices() - 1));
    }

    private static double beyond(VolumeGeometry t2w, VolumeGeometry other, int slice) {
        Lps centreOfSlice = t2w.toPatient((t2w.columns() - 1) / 2.0, (t2w.rows() - 1) / 2.0, slice);
        VoxelIndex index = other.toIndex(centreOfSlice);
        double below = -0.5 - index.k();
        double above = index.k() - (other.slices() - 0.5);
        return Math.max(0, Math.max(below, above)) * other.spacingK() / t2w.spacingK();
    }

    private static String orAbsent(String value) {
        return value.isEmpty() ? "absent" : value;
    }
}
