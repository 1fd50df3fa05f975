package walnut.prostate.eligibility;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;

/**
 * What is known of a patient that a model may not have been made for. Images rarely say, so most of it is unknown, and
 * said to be; nothing is taken for absent because it is not mentioned.
 *
 * @param known by condition, what was read; a condition without an entry is unknown
 */
public record ClinicalContext(Map<Condition, Statement> known) {

    /** Stable names; they appear in passports, results and JSON. Add, never rename. */
    public enum Condition {
        /** Prostatectomy, radiotherapy, focal or hormonal treatment. */
        TREATMENT("prostatectom|brachy|radiother|radiation|irradiat|bestrahl|\\brpe\\b|\\brrp\\b|\\brarp\\b|\\bhifu\\b"
                + "|cryother|cryoabl|focal therapy|\\bturp\\b|salvage|androgen depriv|\\badt\\b|recurren|rezidiv"
                + "|post[- ]?op(erative)?\\b|prostate bed|prostatabett|prostaatloge"),
        /** A biopsy so recent that its haemorrhage may still be seen. */
        RECENT_BIOPSY(
                "(after|post|recent|nach|na)[- ]?(biops|bx\\b)|biops\\w* (\\d|one|two|three|last|few) ?(day|week|wk)"),
        PROSTHESIS("prosthes|prothes|protez|hip (replacement|arthroplast)|\\btep\\b|\\btha\\b"),
        ENDORECTAL_COIL("endo-?rect\\w* coil|endorektalspule|\\berc\\b");

        private final Pattern words;

        Condition(String words) {
            this.words = Pattern.compile(words);
        }
    }

    /**
     * @param present whether the patient has it; false only where something says so
     * @param read the words or values that say so
     */
    public record Statement(boolean present, String read) {}

    public ClinicalContext {
        known = Map.copyOf(known);
    }

    /**
     * What the texts and the coil name of an image say.
     *
     * @param header of one image of the study
     */
    public static ClinicalContext of(DataSet header) {
        String texts = Stream.of(
                        header.string(Tag.StudyDescription),
                        header.string(Tag.ProtocolName),
                        header.string(Tag.SeriesDescription),
                        header.string(Tag.RequestedProcedureDescription),
                        header.string(Tag.PerformedProcedureStepDescription),
                        header.string(Tag.ReasonForStudy),
                        header.string(Tag.ReasonForTheRequestedProcedure),
                        header.string(Tag.AdmittingDiagnosesDescription),
                        header.string(Tag.AdditionalPatientHistory),
                        header.string(Tag.MedicalAlerts))
                .flatMap(Optional::stream)
                .map(text -> text.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" | "));
        Map<Condition, Statement> known = new EnumMap<>(Condition.class);
        for (Condition condition : Condition.values()) {
            Matcher matcher = condition.words.matcher(texts);
            if (matcher.find() && !isNegated(texts, matcher.start())) {
                known.put(condition, new Statement(true, "a text says '" + matcher.group() + "'"));
            }
        }
        header.string(Tag.ReceiveCoilName).filter(name -> !name.isBlank()).ifPresent(name -> {
            boolean endorectal = name.toLowerCase(Locale.ROOT).matches(".*(endo|rectal|\\berc\\b).*");
            known.putIfAbsent(
                    Condition.ENDORECTAL_COIL, new Statement(endorectal, "ReceiveCoilName (0018,1250) is " + name));
        });
        return new ClinicalContext(known);
    }

    /** "no prior radiotherapy", "without prosthesis": a word denied is not a finding. */
    private static boolean isNegated(String texts, int start) {
        String before = texts.substring(Math.max(0, start - 24), start);
        return before.matches("(?s).*\\b(no|not|without|ohne|kein\\w*|geen|denies|before|prior to|pre)\\b[^|.;]*");
    }

    /**
     * This context with what a person entered: their word holds, and where the images say otherwise that is printed too.
     *
     * @param studyDay the day of the study; null where the images do not say
     */
    public ClinicalContext with(EnteredContext entered, @Nullable LocalDate studyDay) {
        Map<Condition, Statement> all = new EnumMap<>(Condition.class);
        all.putAll(known);
        entered.statements(studyDay).forEach((condition, statement) -> {
            Statement read = known.get(condition);
            all.put(
                    condition,
                    read == null || read.present() == statement.present()
                            ? statement
                            : new Statement(statement.present(), statement.read() + "; but " + read.read()));
        });
        return new ClinicalContext(all);
    }

    /**
     * One gate for each condition: fails where the patient has what the model was not made for.
     *
     * @param contraindicated what the model's passport excludes
     */
    public List<Gate> gates(Set<Condition> contraindicated) {
        List<Gate> gates = new ArrayList<>();
        for (Condition condition : Condition.values()) {
            Statement statement = known.get(condition);
            String name = "CONTEXT_" + condition;
            if (statement == null) {
                gates.add(new Gate(name, Verdict.UNKNOWN, "nothing says whether; assumed neither way"));
            } else if (!statement.present()) {
                gates.add(new Gate(name, Verdict.PASS, statement.read()));
            } else if (contraindicated.contains(condition)) {
                gates.add(new Gate(name, Verdict.FAIL, statement.read() + ", which the model's passport excludes"));
            } else {
                gates.add(new Gate(name, Verdict.PASS, statement.read() + "; the model's passport allows it"));
            }
        }
        return gates;
    }
}
