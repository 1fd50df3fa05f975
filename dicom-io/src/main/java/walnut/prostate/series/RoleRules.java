package walnut.prostate.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The rules that say what a series is. They are tried from top to bottom and the first that fires decides; what the
 * scanner states in coded attributes comes before numbers, numbers before names. A later rule that reads a name and
 * would have said something else is kept as evidence of disagreement.
 *
 * <p>Thresholds: T2-weighted spin echo from TE 60 ms; high b from 1000 s/mm² (PI-CAI); a field of view above 260 mm is
 * staging, not prostate (PI-RADS v2.1 asks for 120–200 mm).
 */
final class RoleRules {
    static final double HIGH_B = 1000;
    static final double T2W_ECHO_TIME_MS = 60;
    static final double LARGE_FIELD_OF_VIEW_MM = 260;
    private static final double SHORT_ECHO_TIME_MS = 30;
    private static final double T1W_REPETITION_TIME_MS = 1200;
    private static final double FLUID_SENSITIVE_FLIP_DEGREES = 40;
    private static final int FRAMES_PER_PLACE_OF_A_DYNAMIC = 5;

    private static final List<String> IMAGE_SOP_CLASSES =
            List.of("1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.4.4");

    /** A word in a name: not inside other letters, but digits and underscores may touch it. */
    private static Pattern word(String... alternatives) {
        return Pattern.compile("(?<![a-z])(?:" + String.join("|", alternatives) + ")(?![a-z])");
    }

    private static final Pattern LOCALIZER = word(
            "loc",
            "locali[sz]ers?",
            "scout",
            "survey",
            "plan",
            "planning",
            "3[ -_]?pl(?:ane)?(?:[ _-]?loc\\w*)?",
            "aahscout",
            "topogram",
            "localis\\w*",
            "lokali\\w*");
    private static final Pattern CALIBRATION = word(
            "calib\\w*",
            "cal",
            "asset",
            "shim\\w*",
            "b1[ _-]?map\\w*",
            "b0[ _-]?map\\w*",
            "field[ _-]?map\\w*",
            "ref(?:erence)?[ _-]?scan",
            "coil[ _-]?(?:survey|sens\\w*|calib\\w*)",
            "prescan\\w*",
            "noise",
            "speeder map");
    private static final Pattern EADC =
            word("e[ _-]?adc\\w*", "exp(?:onential)?[ _-]?(?:adc|apparent[ _-]?diff\\w*)\\w*", "exponential");
    private static final Pattern ADC = Pattern.compile(
            "(?<![a-df-z])d?adc(?:map|maps|s)?(?![a-z])|apparent[ _-]?diff|(?<![a-z])average[ _-]?dc(?![a-z])");
    private static final Pattern FA =
            word("fa", "fa[ _-]?map", "colou?r[ _-]?fa", "colfa", "fractional[ _-]?aniso\\w*", "tensor", "ttest");
    private static final Pattern PERFUSION_MAP = word(
            "k[ _-]?trans\\w*",
            "kep",
            "ve",
            "vp",
            "i?auc\\w*",
            "wash[ _-]?(?:in|out)\\w*",
            "w(?:in|out)",
            "ttp",
            "pei",
            "time[ _-]?to[ _-]?peak",
            "max(?:imum)?[ _-]?slope\\w*",
            "peak[ _-]?enh\\w*",
            "perf(?:usion)?[ _-]?map\\w*",
            "mip[ _-]?time",
            "relative[ _-]?enh\\w*",
            "positive[ _-]?enh\\w*",
            "ser[ _-]?map");
    private static final Pattern DIFFUSION = Pattern.compile(
            "(?<![a-z])(?:[rs]?dwi\\w*|[er]?diff(?:usion)?(?![a-z])|ep2d[ _-]?diff|tracew?(?![a-z])|resolve|zoomit|focus"
                    + "|dwibs|muse|ivim|reveal|dti|hbv|(?:ssh[ _-]?)?dw[ _-]|dw[ _-]?(?:ssh|se|epi))"
                    + "|(?<![a-z0-9])c?b(?:[ _-]?val(?:ue)?)?[ _=-]{0,2}\\d{2,4}(?![0-9])|calc[ _-]?bval");
    private static final Pattern DIRECTIONS = word("dti\\w*", "tensor", "\\d+[ _-]?dir\\w*", "dir\\d+");
    private static final Pattern SUBTRACTION = word("sub", "subs", "subtr\\w*", "subtraction\\w*");
    private static final Pattern DYNAMIC = word(
            "dce\\w*",
            "dyn",
            "dyna\\w*",
            "perf(?:usion)?",
            "twist\\w*",
            "grasp\\w*",
            "tricks",
            "disco\\w*",
            "4d[ _-]?thrive",
            "ethrive[ _-]?dyn\\w*",
            "e?thrive[ _-]?4d",
            "multi[ _-]?phase",
            "mphase",
            "km[ _-]?dyn\\w*",
            "phases?",
            "tfl[ _-]?dyn\\w*");
    private static final Pattern CONTRAST = word(
            "post",
            "postgad",
            "gad",
            "gado\\w*",
            "gd",
            "\\+c",
            "[ _]c\\+",
            "km",
            "ce",
            "contrast",
            "post[ _-]?(?:gd|gad|con\\w*|km|kontrast)",
            "delayed",
            "late",
            "nach[ _-]?km",
            "mit[ _-]?km",
            "apres[ _-]?inj\\w*",
            "inj\\w*");
    private static final Pattern WITHOUT_CONTRAST =
            word("pre", "precon\\w*", "nativ\\w*", "pre[ _-]?(?:gd|contrast|km)", "ohne[ _-]?km");
    private static final Pattern PROTON_DENSITY = word("pd", "pdw?", "pd[ _-]?ref\\w*", "proton[ _-]?dens\\w*", "rho");
    private static final Pattern T2 = Pattern.compile(
            "(?<![a-z0-9])(?:[x]?t2(?:w|wi)?|t2-?weighted)(?![0-9*a-z])"
                    + "|(?<![a-z])(?:t2tse|t2fse|frfse|fse[ _-]?t2|tse[ _-]?t2|haste|ssfse|t2w?[ _-]?(?:tse|fse|space|cube|vista|haste|blade|propeller))");
    private static final Pattern T2_STAR_OR_MAP = Pattern.compile(
            "t2[ _-]?(?:\\*|star|map|mapping|fl2d|medic|swan)|(?<![a-z])(?:swi|swan|r2\\*?|medic|mapit)(?![a-z])");
    private static final Pattern THREE_D =
            Pattern.compile("(?<![a-z0-9])3d|(?<![a-z])(?:space|cube|vista|mpv|isofse|brainview)(?![a-z])");
    private static final Pattern LARGE_FIELD = word(
            "pelvis",
            "pelvic",
            "becken",
            "bassin",
            "bacino",
            "large[ _-]?fov",
            "lfov",
            "whole",
            "abd\\w*",
            "lymph\\w*",
            "nodes?",
            "staging",
            "big[ _-]?fov",
            "full[ _-]?fov",
            "ln",
            "fov[ _-]?(?:3|4)\\d\\d",
            "gr(?:oß|oss)er?[ _-]?fov");
    private static final Pattern INVERSION =
            word("stir\\w*", "tirm\\w*", "flair\\w*", "ir[ _-]?tse", "t1[ _-]?flair", "dir", "psir");
    private static final Pattern T1 = Pattern.compile(
            "(?<![a-z0-9])t1(?:w|wi)?(?![0-9a-z])"
                    + "|(?<![a-z])(?:vibe|lava|thrive|ethrive|flash|fl2d|fl3d|spgr|fspgr|bravo|mprage|tfe|quick3d|t1tse|starvibe|ideal|m?dixon)");
    private static final Pattern SCANNER_COMPUTED = Pattern.compile(
            "calc|(?<![a-z])c[ _-]?(?:dwi|b[ _=-]?\\d{3,4}|bval)|(?<![a-z])(?:computed|synth\\w*|syn|extrapol\\w*|virtual|vdwi|magic[ _-]?dwi|hyperb)(?![a-z])");
    private static final Pattern ONE_B_RANGE = Pattern.compile("_b(\\d{1,5})_(\\d{1,5})$");

    /** One rule: the role, and what it read where it fires. */
    private record Rule(String name, boolean readsName, Function<SeriesFacts, Optional<Verdict>> test) {}

    private record Verdict(SeriesRole role, String read) {}

    /** What a series is, by which rules. */
    record Answer(SeriesRole role, List<Evidence> evidence) {}

    private static final List<Rule> RULES = List.of(
            coded("other.modality", SeriesRole.OTHER, RoleRules::notMagneticResonance),
            coded("other.sop-class", SeriesRole.OTHER, RoleRules::notAnImageClass),
            coded("other.image-type", SeriesRole.OTHER, ofImageType("SCREEN SAVE", "PROJECTION IMAGE", "CSA REPORT")),
            coded("localizer.image-type", SeriesRole.LOCALIZER, ofImageType("LOCALIZER")),
            coded("eadc.image-type", SeriesRole.EADC, ofImageType("EADC", "EXP_ADC", "EXPONENTIAL", "EADC_MAP")),
            coded(
                    "fa.image-type",
                    SeriesRole.FA,
                    ofImageType("FA", "FRACTIONAL_ANISOTROPY", "COLFA", "TENSOR", "TENSOR_B0")),
            named("eadc.name", SeriesRole.EADC, RoleRules::exponentialMap),
            coded("adc.image-type", SeriesRole.ADC, ofImageType("ADC", "ADC_UNSPECIFIED", "ADC_MAP", "ADC MAP")),
            coded(
                    "perfusion.image-type",
                    SeriesRole.PERF_MAP,
                    ofImageType(
                            "KTRANS", "KEP", "VE", "VP", "IAUC", "PERFUSION MAP", "TTP", "WASHIN", "WASHOUT", "PEI")),
            coded("subtraction.image-type", SeriesRole.DCE_SUB, ofImageType("SUBTRACTION", "SUBTRACT", "SUB")),
            diffusion("diffusion.image-type", false, RoleRules::codedDiffusion),
            named("localizer.name", SeriesRole.LOCALIZER, ofName(LOCALIZER)),
            named("other.calibration", SeriesRole.OTHER, ofName(CALIBRATION)),
            named("adc.name", SeriesRole.ADC, RoleRules::namedAdc),
            named("fa.name", SeriesRole.FA, ofName(FA, facts -> !facts.imageTypeHas("ORIGINAL"))),
            named(
                    "perfusion.name",
                    SeriesRole.PERF_MAP,
                    ofName(PERFUSION_MAP, facts -> !facts.imageTypeHas("ORIGINAL"))),
            diffusion("diffusion.b-value", false, RoleRules::diffusionByB),
            diffusion("diffusion.name", true, RoleRules::namedDiffusion),
            coded("localizer.orientations", SeriesRole.LOCALIZER, RoleRules::threePlanes),
            named("subtraction.name", SeriesRole.DCE_SUB, ofName(SUBTRACTION, RoleRules::isNotLongEchoSpinEcho)),
            coded("dce.repeated", SeriesRole.DCE, RoleRules::repeatedGradientEcho),
            named("dce.name", SeriesRole.DCE, ofName(DYNAMIC, RoleRules::isNotLongEchoSpinEcho)),
            coded("pd.contrast", SeriesRole.PD, ofContrast("PROTON_DENSITY")),
            named("pd.name", SeriesRole.PD, ofName(PROTON_DENSITY, RoleRules::isNotLongEchoSpinEcho)),
            named("other.t2-map", SeriesRole.OTHER, ofName(T2_STAR_OR_MAP)),
            coded("other.multi-echo", SeriesRole.OTHER, RoleRules::multiEcho),
            named("other.inversion.name", SeriesRole.OTHER, ofName(INVERSION)),
            coded("other.inversion", SeriesRole.OTHER, RoleRules::inversionRecovery),
            t2("t2w.spin-echo", false, RoleRules::longEchoSpinEcho),
            t2("t2w.contrast", false, RoleRules::codedT2),
            t1("t1w.echo", false, RoleRules::shortEcho),
            coded("pd.echo", SeriesRole.PD, RoleRules::shortEchoLongRepetition),
            t2("t2w.name", true, RoleRules::namedT2),
            t1("t1w.name", true, RoleRules::namedT1));

    private RoleRules() {}

    static Answer answer(SeriesFacts facts) {
        List<Evidence> evidence = new ArrayList<>();
        SeriesRole decided = null;
        boolean nameHasSpoken = false;
        for (Rule rule : RULES) {
            Optional<Verdict> verdict = rule.test().apply(facts);
            if (verdict.isEmpty()) {
                continue;
            }
            if (decided == null) {
                decided = verdict.get().role();
                evidence.add(new Evidence(rule.name(), verdict.get().read()));
            } else if (rule.readsName()
                    && !nameHasSpoken
                    && family(verdict.get().role()) != family(decided)) {
                evidence.add(new Evidence(
                        "disagrees." + rule.name(),
                        verdict.get().read() + " would say " + verdict.get().role()));
            }
            // Only the first rule that reads the name says what the name means: "diff_ADC" is an ADC map.
            nameHasSpoken |= rule.readsName();
        }
        if (decided == null) {
            evidence.add(new Evidence(
                    "other.nothing", "no rule fired for " + facts.imageType() + ", name \"" + facts.name() + "\""));
            return new Answer(SeriesRole.OTHER, evidence);
        }
        return new Answer(decided, evidence);
    }

    /** Why these images are extrapolated by the scanner, where they are. */
    static Optional<Evidence> scannerComputed(SeriesFacts facts) {
        if (facts.imageTypeHas("CALC_BVALUE", "CALC_BVAL", "COMPUTED", "CALCULATED", "CDWI")) {
            return Optional.of(new Evidence("hbv.computed.image-type", facts.imageType()));
        }
        if (facts.nameHas(SCANNER_COMPUTED)) {
            return Optional.of(new Evidence("hbv.computed.name", quoted(facts)));
        }
        var range = ONE_B_RANGE.matcher(facts.sequenceName().toLowerCase(Locale.ROOT));
        OptionalDouble highest = facts.highestB();
        if (range.find() && highest.isPresent() && highest.getAsDouble() > Double.parseDouble(range.group(2))) {
            return Optional.of(new Evidence(
                    "hbv.computed.range",
                    "b " + number(highest) + " lies above the acquired range that SequenceName \""
                            + facts.sequenceName() + "\" names"));
        }
        return Optional.empty();
    }

    // ---- how rules are made -----------------------------------------------------------------------------------------

    private static Rule coded(String name, SeriesRole role, Function<SeriesFacts, Optional<String>> test) {
        return new Rule(name, false, facts -> test.apply(facts).map(read -> new Verdict(role, read)));
    }

    private static Rule named(String name, SeriesRole role, Function<SeriesFacts, Optional<String>> test) {
        return new Rule(name, true, facts -> test.apply(facts).map(read -> new Verdict(role, read)));
    }

    private static Rule diffusion(String name, boolean readsName, Function<SeriesFacts, Optional<String>> test) {
        return new Rule(name, readsName, facts -> test.apply(facts).map(read -> diffusionRole(facts, read)));
    }

    private static Rule t2(String name, boolean readsName, Function<SeriesFacts, Optional<String>> test) {
        return new Rule(name, readsName, facts -> test.apply(facts).map(read -> t2Role(facts, read)));
    }

    private static Rule t1(String name, boolean readsName, Function<SeriesFacts, Optional<String>> test) {
        return new Rule(name, readsName, facts -> test.apply(facts).map(read -> t1Role(facts, read)));
    }

    private static Function<SeriesFacts, Optional<String>> ofImageType(String... values) {
        return facts -> facts.imageTypeHas(values) ? Optional.of(facts.imageType()) : Optional.empty();
    }

    private static Function<SeriesFacts, Optional<String>> ofContrast(String value) {
        return facts ->
                facts.acquisitionContrastIs(value) ? Optional.of("AcquisitionContrast " + value) : Optional.empty();
    }

    private static Function<SeriesFacts, Optional<String>> ofName(Pattern pattern) {
        return ofName(pattern, facts -> true);
    }

    private static Function<SeriesFacts, Optional<String>> ofName(Pattern pattern, Predicate<SeriesFacts> unless) {
        return facts -> facts.nameHas(pattern) && unless.test(facts) ? Optional.of(quoted(facts)) : Optional.empty();
    }

    // ---- the rules' conditions --------------------------------------------------------------------------------------

    private static Optional<String> notMagneticResonance(SeriesFacts facts) {
        String modality = facts.instance().modality();
        return modality.isEmpty() || modality.equals("MR") ? Optional.empty() : Optional.of("Modality " + modality);
    }

    private static Optional<String> notAnImageClass(SeriesFacts facts) {
        String sopClass = facts.instance().sopClassUid();
        return IMAGE_SOP_CLASSES.contains(sopClass) ? Optional.empty() : Optional.of("SOPClassUID " + sopClass);
    }

    private static Optional<String> exponentialMap(SeriesFacts facts) {
        return facts.nameHas(EADC) ? Optional.of(quoted(facts)) : Optional.empty();
    }

    private static Optional<String> codedDiffusion(SeriesFacts facts) {
        if (facts.imageTypeHas("TRACEW", "TRACE", "DIFFUSION", "CALC_BVALUE", "CDWI")) {
            return Optional.of(facts.imageType());
        }
        return facts.acquisitionContrastIs("DIFFUSION")
                ? Optional.of("AcquisitionContrast DIFFUSION")
                : Optional.empty();
    }

    /** A name with "ADC" in it, unless the frames are what an ADC is computed from. */
    private static Optional<String> namedAdc(SeriesFacts facts) {
        boolean isSource = facts.imageTypeHas("ORIGINAL") && facts.bValues().size() > 1;
        return facts.nameHas(ADC) && !isSource ? Optional.of(quoted(facts)) : Optional.empty();
    }

    private static Optional<String> diffusionByB(SeriesFacts facts) {
        OptionalDouble highest = facts.highestB();
        boolean weighted = highest.isPresent() && highest.getAsDouble() > 0;
        // Philips writes b = 0 into every image; b alone, read from a name, is a name rule's business.
        boolean fromName = facts.bReadFrom().startsWith("SeriesDescription");
        return weighted && !fromName
                ? Optional.of("b up to " + number(highest) + " s/mm2 in " + facts.bReadFrom())
                : Optional.empty();
    }

    private static Optional<String> namedDiffusion(SeriesFacts facts) {
        return facts.nameHas(DIFFUSION) && isNotLongEchoSpinEchoWithout(facts, "EP")
                ? Optional.of(quoted(facts))
                : Optional.empty();
    }

    /** Turbo spin echoes called "focus" or "trace" are not diffusion; echo-planar or unstated sequences may be. */
    private static boolean isNotLongEchoSpinEchoWithout(SeriesFacts facts, String sequence) {
        return facts.scanningSequenceHas(sequence)
                || facts.frames().get(0).acquisition().scanningSequence().isEmpty()
                || !facts.nameHas(T2);
    }

    private static Optional<String> threePlanes(SeriesFacts facts) {
        return facts.distinctOrientations() >= 3
                ? Optional.of("axial, coronal and sagittal images in one series")
                : Optional.empty();
    }

    private static Optional<String> repeatedGradientEcho(SeriesFacts facts) {
        boolean repeated = facts.framesPerPlace() >= FRAMES_PER_PLACE_OF_A_DYNAMIC;
        boolean gradientEcho = facts.scanningSequenceHas("GR") && !facts.scanningSequenceHas("EP");
        return repeated && gradientEcho
                ? Optional.of("gradient echo, " + facts.framesPerPlace() + " images at each place")
                : Optional.empty();
    }

    private static Optional<String> multiEcho(SeriesFacts facts) {
        return facts.distinctEchoTimes() >= 3 && facts.framesPerPlace() >= 3
                ? Optional.of(facts.distinctEchoTimes() + " echo times at each place")
                : Optional.empty();
    }

    private static Optional<String> inversionRecovery(SeriesFacts facts) {
        return facts.scanningSequenceHas("IR") && facts.scanningSequenceHas("SE")
                ? Optional.of("ScanningSequence holds IR")
                : Optional.empty();
    }

    private static Optional<String> longEchoSpinEcho(SeriesFacts facts) {
        boolean spinEcho =
                facts.scanningSequenceHas("SE") && !facts.scanningSequenceHas("EP") && !facts.scanningSequenceHas("GR");
        return spinEcho && facts.echoTimeMs().orElse(0) >= T2W_ECHO_TIME_MS
                ? Optional.of("spin echo, TE " + number(facts.echoTimeMs()) + " ms")
                : Optional.empty();
    }

    private static boolean isNotLongEchoSpinEcho(SeriesFacts facts) {
        return longEchoSpinEcho(facts).isEmpty();
    }

    private static Optional<String> codedT2(SeriesFacts facts) {
        boolean spinEcho = facts.scanningSequenceHas("SE") && !facts.scanningSequenceHas("EP");
        return spinEcho
                        && facts.acquisitionContrastIs("T2")
                        && facts.echoTimeMs().orElse(T2W_ECHO_TIME_MS) >= T2W_ECHO_TIME_MS
                ? Optional.of("AcquisitionContrast T2, spin echo")
                : Optional.empty();
    }

    private static Optional<String> shortEcho(SeriesFacts facts) {
        OptionalDouble te = facts.echoTimeMs();
        if (te.isEmpty() || te.getAsDouble() >= SHORT_ECHO_TIME_MS) {
            return Optional.empty();
        }
        boolean gradientEcho = facts.scanningSequenceHas("GR")
                && !facts.scanningSequenceHas("EP")
                && facts.flipAngleDegrees().orElse(0) < FLUID_SENSITIVE_FLIP_DEGREES + 50
                && facts.repetitionTimeMs().orElse(0) <= T1W_REPETITION_TIME_MS;
        boolean spinEcho = facts.scanningSequenceHas("SE")
                && !facts.scanningSequenceHas("EP")
                && facts.repetitionTimeMs().orElse(Double.MAX_VALUE) <= T1W_REPETITION_TIME_MS;
        return gradientEcho || spinEcho
                ? Optional.of((spinEcho ? "spin" : "gradient") + " echo, TE " + number(te) + " ms, TR "
                        + number(facts.repetitionTimeMs()) + " ms")
                : Optional.empty();
    }

    private static Optional<String> shortEchoLongRepetition(SeriesFacts facts) {
        boolean spinEcho = facts.scanningSequenceHas("SE") && !facts.scanningSequenceHas("EP");
        return spinEcho
                        && facts.echoTimeMs().orElse(Double.MAX_VALUE) < SHORT_ECHO_TIME_MS
                        && facts.repetitionTimeMs().orElse(0) > T1W_REPETITION_TIME_MS
                        && !facts.nameHas(T1)
                ? Optional.of("spin echo, TE " + number(facts.echoTimeMs()) + " ms, TR "
                        + number(facts.repetitionTimeMs()) + " ms")
                : Optional.empty();
    }

    /** A name alone makes no T2W where the echo time or the sequence says otherwise. */
    private static Optional<String> namedT2(SeriesFacts facts) {
        boolean contradicted = facts.echoTimeMs().orElse(T2W_ECHO_TIME_MS) < T2W_ECHO_TIME_MS
                || facts.scanningSequenceHas("GR")
                || facts.scanningSequenceHas("EP");
        return facts.nameHas(T2) && !contradicted ? Optional.of(quoted(facts)) : Optional.empty();
    }

    private static Optional<String> namedT1(SeriesFacts facts) {
        boolean contradicted = facts.echoTimeMs().orElse(0) >= T2W_ECHO_TIME_MS;
        return facts.nameHas(T1) && !contradicted ? Optional.of(quoted(facts)) : Optional.empty();
    }

    // ---- roles within a family --------------------------------------------------------------------------------------

    private static Verdict diffusionRole(SeriesFacts facts, String read) {
        boolean traces = facts.hasTraces();
        boolean directions = facts.hasSingleDirections() || (!traces && facts.nameHas(DIRECTIONS));
        if (directions && !traces) {
            return new Verdict(SeriesRole.DWI_DIRECTIONAL, read + "; images of single gradient directions");
        }
        boolean oneHighB = facts.bValues().size() == 1 && facts.bValues().first() >= HIGH_B;
        return new Verdict(oneHighB ? SeriesRole.HBV : SeriesRole.DWI, read);
    }

    private static Verdict t2Role(SeriesFacts facts, String read) {
        if (facts.acquisitionType().equals("3D") || (facts.acquisitionType().isEmpty() && facts.nameHas(THREE_D))) {
            return new Verdict(SeriesRole.T2W_3D, read + ", three-dimensional");
        }
        OptionalDouble fieldOfView = facts.fieldOfViewMm();
        boolean large = fieldOfView.isPresent()
                ? fieldOfView.getAsDouble() > LARGE_FIELD_OF_VIEW_MM
                : facts.nameHas(LARGE_FIELD);
        return large
                ? new Verdict(SeriesRole.T2W_LARGE_FOV, read + ", field of view " + number(fieldOfView) + " mm")
                : new Verdict(SeriesRole.T2W, read);
    }

    private static Verdict t1Role(SeriesFacts facts, String read) {
        if (facts.contrastAgent().isPresent() && !facts.nameHas(WITHOUT_CONTRAST)) {
            return new Verdict(SeriesRole.T1W_POST, read + ", ContrastBolusAgent is set");
        }
        return facts.nameHas(CONTRAST) && !facts.nameHas(WITHOUT_CONTRAST)
                ? new Verdict(SeriesRole.T1W_POST, read + ", " + quoted(facts))
                : new Verdict(SeriesRole.T1W, read);
    }

    /** Roles that a name need not tell apart. */
    private static int family(SeriesRole role) {
        return switch (role) {
            case T2W, T2W_LARGE_FOV, T2W_3D -> 0;
            case DWI, DWI_DIRECTIONAL, HBV -> 1;
            case T1W, T1W_POST, DCE -> 2;
            case ADC -> 3;
            case EADC -> 4;
            case DCE_SUB, PERF_MAP -> 5;
            case PD -> 6;
            case FA -> 7;
            case LOCALIZER -> 8;
            case OTHER -> 9;
        };
    }

    private static String quoted(SeriesFacts facts) {
        return "named \"" + facts.name() + "\"";
    }

    private static String number(OptionalDouble value) {
        if (value.isEmpty()) {
            return "unknown";
        }
        double number = value.getAsDouble();
        return number == Math.rint(number) ? Long.toString((long) number) : String.format(Locale.ROOT, "%.4g", number);
    }
}
