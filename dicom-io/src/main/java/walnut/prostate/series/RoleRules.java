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
 * <p>What they are worth on headers and names that they were not made with: {@code docs/series-roles.md}.
 *
 * <p>Thresholds: T2-weighted spin echo from TE 60 ms; high b from 1000 s/mm² (PI-CAI); a field of view above 260 mm is
 * staging, not prostate (PI-RADS v2.1 asks for 120–200 mm).
 */
final class RoleRules {
    /** The evidence of an {@link SeriesRole#OTHER} that no rule gave: too little to say, rather than something else. */
    static final String UNDECIDED = "other.nothing";

    static final double HIGH_B = 1000;
    static final double T2W_ECHO_TIME_MS = 60;
    static final double LARGE_FIELD_OF_VIEW_MM = 260;
    private static final double SHORT_ECHO_TIME_MS = 30;
    private static final double T1W_REPETITION_TIME_MS = 1200;
    private static final double FLUID_SENSITIVE_FLIP_DEGREES = 40;
    private static final double BALANCED_REPETITION_TIME_MS = 12;
    private static final double T2_STAR_ECHO_TIME_MS = 9;
    private static final int FRAMES_PER_PLACE_OF_A_DYNAMIC = 5;

    private static final List<String> IMAGE_SOP_CLASSES =
            List.of("1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.4.4");

    /** A word in a name: not inside other letters, but digits and underscores may touch it. */
    private static Pattern word(String... alternatives) {
        return Pattern.compile("(?<![a-z])(?:" + String.join("|", alternatives) + ")(?![a-z])");
    }

    /** As {@link #word}, or any of the fragments, which belong to scripts without spaces or with endings. */
    private static Pattern wordOr(List<String> fragments, String... alternatives) {
        return Pattern.compile(word(alternatives).pattern() + "|" + String.join("|", fragments));
    }

    private static final Pattern LOCALIZER = wordOr(
            List.of("定位", "位置決め", "スカウト", "локали", "локалай", "разметк", "топограм"),
            "loc",
            "locator",
            "lo[ck]ali[sz]\\w*",
            "locali[cz]\\w*",
            "scouts?",
            "surveys?",
            "plan",
            "planning",
            "planung",
            "3[ -_]?pl(?:ane)?(?:[ _-]?loc\\w*)?",
            "aa\\w*scout",
            "topogram\\w*",
            "scano(?:gram)?\\w*",
            "pilot\\w*",
            "reperage\\w*",
            "smart[ _-]?(?:exam|survey)\\w*");
    private static final Pattern CALIBRATION = word(
            "calib\\w*",
            "kalib\\w*",
            "cal",
            "asset",
            "shim\\w*",
            "b1[ _-]?map\\w*",
            "b0[ _-]?map\\w*",
            "field[ _-]?map\\w*",
            "ref(?:erence)?[ _-]?scan",
            "(?:coil[ _-]?)?ref[ _-]?sense\\w*",
            "sense[ _-]?ref\\w*",
            "coil[ _-]?(?:survey|sens\\w*|calib\\w*|ref\\w*)",
            "prescan\\w*",
            "noise",
            "speeder map");
    private static final Pattern EADC =
            word("e[ _-]?adc\\w*", "exp(?:onential)?[ _-]?(?:adc|apparent[ _-]?diff\\w*)\\w*", "exponential");
    private static final Pattern ADC = Pattern.compile("(?<![a-df-z])d?adc(?:map|maps|s)?(?![a-z])"
            + "|(?<![a-z])(?:iso|avg|mean|tr|m)adc(?![a-z])|apparent[ _-]?diff|(?<![a-z])average[ _-]?dc(?![a-z])"
            + "|diffus\\w*[ _-]appar|difus\\w*[ _-]apar|scheinbar\\w*[ _-]diff"
            + "|икд|измеряем\\S*[ _-]коэфф|表观扩散|表觀擴散|表观弥散|拡散係数");
    private static final Pattern FA = word(
            "fa",
            "fa[ _-]?map",
            "colou?r[ _-]?fa",
            "colfa",
            "fractional[ _-]?aniso\\w*",
            "anisotrop\\w*",
            "colou?r[ _-]?orient\\w*",
            "ttest");
    private static final Pattern PERFUSION_MAP = word(
            "k[ _-]?trans\\w*",
            "kep",
            "ve",
            "vp",
            "i?aug?c\\w*",
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
            "enh\\w*[ _-]?(?:integral|ratio|rate|map)\\w*",
            "slope[ _-]?map\\w*",
            "mtt",
            "ser[ _-]?map");
    private static final Pattern DIFFUSION = Pattern.compile(
            "(?<![a-z])(?:[crsv]?dwi\\w*|[er]?diff(?![a-z])|diff?us\\w*|ep2d[ _-]?diff|tracew?(?![a-z])|resolve|zoomit|focus"
                    + "|dwibs|muse|ivim|reveal|dti|hbv|(?:ssh[ _-]?)?dw[ _-]|dw[ _-]?(?:ssh|se|epi))"
                    + "|(?<![a-z0-9])c?b(?:[ _-]?val(?:ue)?)?[ _=-]{0,2}\\d{2,4}(?![0-9])|calc[ _-]?bval|диффуз|(?<![а-я])дви(?![а-я])|弥散|彌散|扩散|擴散|拡散");
    /** Parameters of diffusion models: neither weighted images nor an ADC. */
    private static final Pattern DIFFUSION_MODEL = word(
            "ivim\\w*",
            "kurtosis",
            "d[ck]i",
            "mk",
            "mean[ _-]?kurt\\w*",
            "d\\*",
            "f[ _-]?map",
            "rsi\\w*",
            "verdict",
            "tensor");

    private static final Pattern PROJECTION = word(
            "mip(?![ _-]?time)",
            "minip",
            "mpr\\w*",
            "reformat\\w*",
            "curved",
            "vrt",
            "projection",
            "screen[ _-]?(?:save|shot|cap)\\w*",
            "bildschirm\\w*",
            "posdisp");
    private static final Pattern FUSED = word("fusion\\w*", "fused", "overlay\\w*", "fusionier\\w*");
    private static final Pattern SYNTHETIC_CONTRAST =
            word("magic(?![ _-]*dwi)", "symri", "syntac", "syn(?:th(?:etic)?)?[ _-]?(?:t1|t2|pd|stir|flair)w?i?");
    private static final Pattern OTHER_REGION = wordOr(
            List.of("腰椎", "脊柱", "髋", "股関節", "позвоноч", "тазобедр"),
            "hips?",
            "hueft\\w*",
            "huft\\w*",
            "heup\\w*",
            "hanche\\w*",
            "cadera\\w*",
            "quadril",
            "spine",
            "[lct]-?spine",
            "spinal",
            "lumbar",
            "lumbal",
            "lws",
            "bws",
            "hws",
            "lwk",
            "wirbel\\w*",
            "wervel\\w*",
            "rachis",
            "columna",
            "coluna",
            "colonna",
            "knee",
            "knie");
    private static final Pattern PROSTATE = Pattern.compile("prosta|простат|前立腺|前列腺|pi-?rads");
    private static final Pattern FAT_IMAGE =
            Pattern.compile("^fat:|dixon\\w*[ _-](?:f|fat)$|(?:flex|ideal)[ _:-]+fat|fat[ _-]fraction");
    private static final Pattern BALANCED = word(
            "tru?e?[ _-]?fi(?:sp)?\\w*",
            "trufi\\w*",
            "fiesta\\w*",
            "b[ _-]?(?:ffe|tfe)\\w*",
            "b?ssfp\\w*",
            "true[ _-]?ssfp",
            "basg");
    private static final Pattern DIRECTIONS = word("dti\\w*", "tensor", "\\d+[ _-]?dir\\w*", "dir\\d+");
    private static final Pattern SUBTRACTION = wordOr(
            List.of("вычит", "субтрак", "减影", "減影", "サブトラクション", "差分"),
            "subs?",
            "su[bs]s?tr\\w*",
            "sottra\\w*",
            "soustr\\w*",
            "sustr\\w*");
    private static final Pattern DYNAMIC = wordOr(
            List.of("динамик", "динамич", "动态", "動態", "ダイナミック"),
            "dce\\w*",
            "dyn",
            "d[yi]na(?!cad)\\w*",
            "multi[ _-]?fas\\w*",
            "ph[ _-]?\\d+",
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
            "phases",
            "phase[ _-]?\\d+",
            "\\d+(?:st|nd|rd|th)?[ _-]?phase",
            "(?:early|art\\w*|ven\\w*|port\\w*)[ _-]?phase",
            "tfl[ _-]?dyn\\w*");
    private static final Pattern CONTRAST = wordOr(
            List.of("контраст", "增强", "增強", "造影", "延迟", "延遲", "遅延", "\\+ ?c(?![a-z])"),
            "post(?![ _-]*(?:biops\\w*|op|rt|radio\\w*|prosta\\w*|treat\\w*|therap\\w*|void\\w*|turp))",
            "pos",
            "postgad",
            "gad",
            "gado\\w*",
            "gd",
            "[ _]c\\+",
            "km",
            "ce",
            "contrast\\w*",
            "kontrast\\w*",
            "mdc",
            "civ",
            "post[ _-]?(?:gd|gad|con\\w*|km|kontrast)",
            "delayed",
            "late",
            "tardi\\w*",
            "spaet\\w*",
            "spat",
            "nach[ _-]?km",
            "mit[ _-]?km",
            "apres[ _-]?inj\\w*",
            "inj\\w*");
    private static final Pattern WITHOUT_CONTRAST = wordOr(
            List.of("до контраст", "без контраст", "造影前", "単純", "平扫", "增强前"),
            "pre",
            "precon\\w*",
            "nativ\\w*",
            "pre[ _-]?(?:gd|contrast|km)",
            "ohne[ _-]?(?:km|kontrast\\w*)",
            "(?:sin|sem|sans|senza|zonder|without|non|no)[ _-]?(?:contr\\w*|gado\\w*|gd|mdc|civ|inj\\w*)",
            "avant[ _-]?inj\\w*",
            "vor[ _-]?km",
            "unenhanced");
    private static final Pattern PROTON_DENSITY =
            word("pd", "pdw?", "dp", "pd[ _-]?ref\\w*", "proton[ _-]?dens\\w*", "rho");
    private static final Pattern T2 = Pattern.compile(
            "(?<![a-z0-9])(?:[x]?t2(?:w|wi)?|t2-?weighted)(?![0-9*a-z])"
                    + "|(?<![a-z])(?:t2tse|t2fse|frfse|fse[ _-]?t2|tse[ _-]?t2|haste|ssfse|t2w?[ _-]?(?:tse|fse|space|cube|vista|haste|blade|propeller))");
    private static final Pattern T2_STAR_OR_MAP = Pattern.compile(
            "t2w?[ _-]?(?:\\*|star|map|fl2d|medic|swan)"
                    + "|(?<![a-z])(?:t1|pd|b1|r[12])[ _-]?map|(?<![a-z])mapa?[ _-](?:de[ _-])?(?:t1|t2)(?![0-9a-z])"
                    + "|(?<![a-z])(?:swi|swan|r2(?:s\\*?|\\*|[ _-]?star)|medic|merge|mapit|myomaps|relax\\w*|m?dixon[ _-]?quant\\w*|ideal[ _-]?iq)(?![a-z])");
    private static final Pattern THREE_D =
            Pattern.compile("(?<![a-z0-9])3d|(?<![a-z])(?:space|cube|vista|mpv|isofse|brainview)(?![a-z])");
    private static final Pattern LARGE_FIELD = wordOr(
            List.of("таз", "盆腔", "骨盆", "骨盤", "大视野", "大視野"),
            "pelvis",
            "pelvic",
            "becken",
            "bassin",
            "bacino",
            "bekken",
            "wide",
            "(?:groo?t|gr(?:an)?|grand|grande|gross|weit)e?[ _-]?(?:fov|champ|campo)",
            "campo[ _-]grande",
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
            word("\\w*stir\\w*", "tirm\\w*", "flair\\w*", "ir[ _-]?tse", "t1[ _-]?flair", "dir", "psir");
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
            coded(
                    "other.image-type",
                    SeriesRole.OTHER,
                    ofImageType(
                            "SCREEN SAVE",
                            "PROJECTION IMAGE",
                            "MIP",
                            "MAX_IP",
                            "MIN_IP",
                            "MPR",
                            "REFORMATTED",
                            "CSA REPORT",
                            "POSDISP",
                            "FUSION",
                            "SPEC",
                            "SPECTROSCOPY",
                            "TENSOR",
                            "TENSOR_B0")),
            coded(
                    "other.parameter-map",
                    SeriesRole.OTHER,
                    ofImageType(
                            "T1 MAP",
                            "T2 MAP",
                            "T2_STAR MAP",
                            "R1 MAP",
                            "R2 MAP",
                            "R2_STAR MAP",
                            "R2_STAR",
                            "B0",
                            "B1",
                            "FAT_FRACTION",
                            "FAT FRACTION",
                            "FIELD_MAP")),
            coded("other.phase", SeriesRole.OTHER, RoleRules::phaseImages),
            coded("other.fat-image", SeriesRole.OTHER, RoleRules::fatImages),
            coded("localizer.image-type", SeriesRole.LOCALIZER, ofImageType("LOCALIZER")),
            coded("eadc.image-type", SeriesRole.EADC, ofImageType("EADC", "EXP", "EXP_ADC", "EXPONENTIAL", "EADC_MAP")),
            coded(
                    "fa.image-type",
                    SeriesRole.FA,
                    ofImageType("FA", "FRACTIONAL_ANISOTROPY", "FRACTIONAL_ANISO", "COLFA")),
            named("eadc.name", SeriesRole.EADC, RoleRules::exponentialMap),
            coded("adc.image-type", SeriesRole.ADC, ofImageType("ADC", "ADC_UNSPECIFIED", "ADC_MAP", "ADC MAP")),
            coded(
                    "perfusion.image-type",
                    SeriesRole.PERF_MAP,
                    ofImageType(
                            "KTRANS",
                            "KEP",
                            "VE",
                            "VP",
                            "IAUC",
                            "IAUGC",
                            "PERFUSION MAP",
                            "PERMEABILITY",
                            "T1_PERF",
                            "GENIQ",
                            "TISSUE4D",
                            "TTP",
                            "WASHIN",
                            "WASH_IN",
                            "WASHOUT",
                            "WASH_OUT",
                            "PEI")),
            coded("subtraction.image-type", SeriesRole.DCE_SUB, ofImageType("SUBTRACTION", "SUBTRACT", "SUB")),
            diffusion("diffusion.image-type", false, RoleRules::codedDiffusion),
            named("localizer.name", SeriesRole.LOCALIZER, ofName(LOCALIZER)),
            named(
                    "other.calibration",
                    SeriesRole.OTHER,
                    ofName(CALIBRATION, facts -> facts.highestB().orElse(0) <= 0)),
            named("other.region", SeriesRole.OTHER, ofName(OTHER_REGION, facts -> !facts.nameHas(PROSTATE))),
            named("other.fused", SeriesRole.OTHER, ofName(FUSED, facts -> !facts.imageTypeHas("ORIGINAL"))),
            named("other.projection", SeriesRole.OTHER, ofName(PROJECTION, facts -> !facts.imageTypeHas("ORIGINAL"))),
            named("adc.name", SeriesRole.ADC, RoleRules::namedAdc),
            named("fa.name", SeriesRole.FA, ofName(FA, facts -> !facts.imageTypeHas("ORIGINAL"))),
            named(
                    "perfusion.name",
                    SeriesRole.PERF_MAP,
                    ofName(PERFUSION_MAP, facts -> !facts.imageTypeHas("ORIGINAL"))),
            named("other.diffusion-model", SeriesRole.OTHER, ofName(DIFFUSION_MODEL, RoleRules::isDerivedWithoutB)),
            named("other.synthetic-contrast", SeriesRole.OTHER, ofName(SYNTHETIC_CONTRAST)),
            diffusion("diffusion.b-value", false, RoleRules::diffusionByB),
            diffusion("diffusion.name", true, RoleRules::namedDiffusion),
            coded("other.synthetic", SeriesRole.OTHER, RoleRules::contrastFromOtherImages),
            coded("localizer.orientations", SeriesRole.LOCALIZER, RoleRules::threePlanes),
            named("subtraction.name", SeriesRole.DCE_SUB, ofName(SUBTRACTION, RoleRules::isNotLongEchoSpinEcho)),
            named("other.t2-map", SeriesRole.OTHER, ofName(T2_STAR_OR_MAP)),
            coded("other.t2-star", SeriesRole.OTHER, RoleRules::longEchoGradientEcho),
            coded("dce.repeated", SeriesRole.DCE, RoleRules::repeatedGradientEcho),
            named("dce.name", SeriesRole.DCE, ofName(DYNAMIC, RoleRules::isNotLongEchoSpinEcho)),
            named("other.balanced.name", SeriesRole.OTHER, ofName(BALANCED, RoleRules::isNotLongEchoSpinEcho)),
            coded("other.balanced", SeriesRole.OTHER, RoleRules::balancedGradientEcho),
            named("other.fat-image.name", SeriesRole.OTHER, ofName(FAT_IMAGE)),
            coded("pd.contrast", SeriesRole.PD, ofContrast("PROTON_DENSITY")),
            named("pd.name", SeriesRole.PD, ofName(PROTON_DENSITY, RoleRules::isNotLongEchoSpinEcho)),
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
                    UNDECIDED, "no rule fired for " + facts.imageType() + ", name \"" + facts.name() + "\""));
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

    private static Optional<String> phaseImages(SeriesFacts facts) {
        boolean phase = facts.imageTypeHas("P", "PHASE", "PHASE MAP", "PHASE_MAP") && !facts.imageTypeHas("M");
        return phase ? Optional.of(facts.imageType()) : Optional.empty();
    }

    /** A contrast calculated from other images (SECONDARY, PS3.3 C.7.6.1.1.2); a phantom stands for an acquisition. */
    private static Optional<String> contrastFromOtherImages(SeriesFacts facts) {
        boolean calculated = facts.imageTypeHas("SYNTHETIC") && facts.imageTypeHas("SECONDARY");
        return calculated ? Optional.of(facts.imageType()) : Optional.empty();
    }

    /** The fat image of a Dixon; a series that also holds the others is read as those. */
    private static Optional<String> fatImages(SeriesFacts facts) {
        boolean fat = facts.imageTypeHas("FAT", "F") && !facts.imageTypeHas("WATER", "W", "IN_PHASE", "IP");
        return fat ? Optional.of(facts.imageType()) : Optional.empty();
    }

    private static boolean isDerivedWithoutB(SeriesFacts facts) {
        return !facts.imageTypeHas("ORIGINAL") && facts.bValues().isEmpty();
    }

    /** A short repetition at a large flip angle refocuses the transverse magnetisation: T2/T1 contrast, never T1. */
    private static Optional<String> balancedGradientEcho(SeriesFacts facts) {
        boolean balanced = isGradientEcho(facts)
                && facts.repetitionTimeMs().orElse(Double.MAX_VALUE) <= BALANCED_REPETITION_TIME_MS
                && facts.flipAngleDegrees().orElse(0) >= FLUID_SENSITIVE_FLIP_DEGREES;
        return balanced
                ? Optional.of("gradient echo, TR " + number(facts.repetitionTimeMs()) + " ms, flip angle "
                        + number(facts.flipAngleDegrees()))
                : Optional.empty();
    }

    private static Optional<String> longEchoGradientEcho(SeriesFacts facts) {
        return isGradientEcho(facts) && facts.echoTimeMs().orElse(0) >= T2_STAR_ECHO_TIME_MS
                ? Optional.of("gradient echo, TE " + number(facts.echoTimeMs()) + " ms")
                : Optional.empty();
    }

    private static boolean isGradientEcho(SeriesFacts facts) {
        return facts.scanningSequenceHas("GR") && !facts.scanningSequenceHas("EP") && !facts.scanningSequenceHas("SE");
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
        boolean weighted = facts.bValues().size() > 1 || facts.hasSingleDirections() || facts.hasTraces();
        boolean isSource = facts.imageTypeHas("ORIGINAL") && weighted;
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
