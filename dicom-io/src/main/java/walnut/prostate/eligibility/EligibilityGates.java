package walnut.prostate.eligibility;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.failure.FailureCode;
import walnut.prostate.series.Channel;
import walnut.prostate.series.SeriesRole;
import walnut.prostate.series.Study;
import walnut.prostate.series.StudySeries;
import walnut.volume.Lps;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/** The gates that headers and geometry can decide (design §4, "Eligible by evidence"). One that fails refuses the case. */
public final class EligibilityGates {
    private static final String REGION = "BODY_REGION";
    private static final int ADULT_YEARS = 18;
    private static final Pattern AGE = Pattern.compile("(\\d{3})([DWMY])");
    private static final Pattern PROSTATE = Pattern.compile("prosta|pirads|pi-rads|psma");
    private static final Pattern PELVIS = Pattern.compile("pelvi|pelvis|becken|bassin|bekken|bacino");
    /** Regions whose diffusion-weighted studies look complete to a machine and are no prostates. */
    private static final Pattern OTHER_REGION = Pattern.compile(
            "(?<!endo)(?<!endo-)re[ck]t(um|al|o\\b)|\\banus\\b|\\banal\\b|colorect|blase\\b|bladder|vessie|vejiga"
                    + "|uter(us|ine|o\\b)|cervi(x|cal)|ovar|endometri|vagin|\\bhips?\\b|hueft|hüft|\\bhanche"
                    + "|spine|spinal|wirbel|sacr(um|al|o)|brain|\\bhead\\b|\\bkopf|knee|\\bknie|breast|mamma"
                    + "|liver|\\bleber|kidney|\\bniere|heart|penis|testi[cs]|scrot");

    /** Codes of PS3.16 CID 4031 and their SRT and SNOMED CT forms; a code beats a text. */
    private static final Set<String> PROSTATE_CODES = Set.of("41216001", "T-92000", "181422007");

    private static final Map<String, String> OTHER_REGION_CODES = Map.of(
            "34402009", "rectum",
            "T-59600", "rectum",
            "89837001", "urinary bladder",
            "T-74000", "urinary bladder",
            "35039007", "uterus",
            "T-83000", "uterus",
            "24136001", "hip joint",
            "T-15710", "hip joint",
            "421060004", "spine",
            "T-11500", "spine");

    /** What is laid over the T2W. */
    private static final List<SeriesRole> DIFFUSION = List.of(SeriesRole.ADC, SeriesRole.HBV, SeriesRole.DWI);

    /** Half the width of the middle of the field of view in which a prostate lies, mm. */
    private static final double HALF_WIDTH_MM = 30;

    private EligibilityGates() {}

    /**
     * Gates that need headers only.
     *
     * @param t2w header of one image of the chosen T2W series
     */
    public static List<Gate> ofHeaders(DataSet t2w) {
        return List.of(sex(t2w), age(t2w), region(t2w));
    }

    /**
     * Whether the diffusion images lie in the T2W's frame of reference: where none does, no position of theirs means
     * anything on the T2W.
     *
     * @param t2w the chosen T2W series
     */
    public static Gate frameOfReference(StudySeries t2w, Study study) {
        String name = "FRAME_OF_REFERENCE";
        List<StudySeries> diffusion = study.series().stream()
                .filter(series -> DIFFUSION.contains(series.role()))
                .toList();
        if (t2w.frameOfReferenceUid().isEmpty() || diffusion.isEmpty()) {
            return new Gate(name, Verdict.UNKNOWN, "the T2W or the diffusion images name none");
        }
        for (SeriesRole role : DIFFUSION) {
            List<StudySeries> ofRole =
                    diffusion.stream().filter(series -> series.role() == role).toList();
            if (!ofRole.isEmpty() && ofRole.stream().allMatch(series -> isElsewhere(series, t2w))) {
                return new Gate(
                        name,
                        Verdict.FAIL,
                        ofRole.get(0).name() + " (" + role + ") has another FrameOfReferenceUID than the T2W",
                        FailureCode.MIXED_FRAME_OF_REFERENCE.name());
            }
        }
        return new Gate(name, Verdict.PASS, "T2W and diffusion images share one FrameOfReferenceUID");
    }

    private static boolean isElsewhere(StudySeries series, StudySeries t2w) {
        return !series.frameOfReferenceUid().isEmpty()
                && !series.frameOfReferenceUid().equals(t2w.frameOfReferenceUid());
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
        List<DataSet> codes = Stream.of(
                        Tag.AnatomicRegionSequence, Tag.ProcedureCodeSequence, Tag.RequestedProcedureCodeSequence)
                .flatMap(sequence -> header.items(sequence).stream())
                .toList();
        for (DataSet code : codes) {
            String value = code.string(Tag.CodeValue).orElse("");
            if (PROSTATE_CODES.contains(value)) {
                return new Gate(REGION, Verdict.PASS, "code " + value + " names the prostate");
            }
        }
        String lower = Stream.concat(
                        Stream.of(
                                        header.string(Tag.BodyPartExamined),
                                        header.string(Tag.StudyDescription),
                                        header.string(Tag.ProtocolName),
                                        header.string(Tag.RequestedProcedureDescription),
                                        header.string(Tag.PerformedProcedureStepDescription),
                                        header.string(Tag.SeriesDescription))
                                .flatMap(Optional::stream),
                        codes.stream().flatMap(code -> code.string(Tag.CodeMeaning).stream()))
                .filter(text -> !text.isBlank())
                .distinct()
                .collect(Collectors.joining(" | "))
                .toLowerCase(Locale.ROOT);
        if (PROSTATE.matcher(lower).find()) {
            return new Gate(REGION, Verdict.PASS, "texts name the prostate");
        }
        for (DataSet code : codes) {
            String region = OTHER_REGION_CODES.get(code.string(Tag.CodeValue).orElse(""));
            if (region != null) {
                return new Gate(
                        REGION,
                        Verdict.FAIL,
                        "code " + code.string(Tag.CodeValue).orElse("") + " names the " + region
                                + " and nothing the prostate");
            }
        }
        Matcher other = OTHER_REGION.matcher(lower);
        if (other.find()) {
            return new Gate(REGION, Verdict.FAIL, "texts name '" + other.group() + "' and nowhere the prostate");
        }
        if (PELVIS.matcher(lower).find()) {
            return new Gate(REGION, Verdict.PASS, "texts name the pelvis");
        }
        return new Gate(REGION, Verdict.UNKNOWN, "no text or code names a region");
    }

    /**
     * Whether each other volume covers the T2W extent to within a slice, along the T2W slice axis and over the middle of
     * its pictures.
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
            if (!reachesAcross(t2w.geometry(), other.geometry())) {
                return new Gate(
                        "COVERAGE",
                        Verdict.FAIL,
                        channel + " does not reach " + (int) HALF_WIDTH_MM + " mm to every side of the T2W's middle");
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

    /** Whether the other volume holds the middle of the T2W pictures, in which a prostate lies, to every side. */
    private static boolean reachesAcross(VolumeGeometry t2w, VolumeGeometry other) {
        double halfI = Math.min(HALF_WIDTH_MM / t2w.spacingI(), t2w.columns() / 2.0);
        double halfJ = Math.min(HALF_WIDTH_MM / t2w.spacingJ(), t2w.rows() / 2.0);
        double middleI = (t2w.columns() - 1) / 2.0;
        double middleJ = (t2w.rows() - 1) / 2.0;
        for (int side = -1; side <= 1; side += 2) {
            for (int end = -1; end <= 1; end += 2) {
                Lps corner = t2w.toPatient(middleI + side * halfI, middleJ + end * halfJ, (t2w.slices() - 1) / 2.0);
                VoxelIndex index = other.toIndex(corner);
                boolean inside =
                        index.i() >= -1 && index.i() <= other.columns() && index.j() >= -1 && index.j() <= other.rows();
                if (!inside) {
                    return false;
                }
            }
        }
        return true;
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
