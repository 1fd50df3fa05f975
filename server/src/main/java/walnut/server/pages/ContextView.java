package walnut.server.pages;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import walnut.prostate.eligibility.EnteredContext;
import walnut.server.api.ClinicalContextRecord;

/**
 * The clinical context of a case and its form, ready to lay out. Unknown is said, never left empty.
 *
 * @param mayWrite whether the one who looks may enter one; otherwise there is no form
 * @param version of the newest that is shown; what is sent is held against it
 * @param facts what holds, each with "unknown" where nobody said
 * @param entered who entered it and when; null while nobody did
 * @param fields what the form is filled with
 */
public record ContextView(
        boolean mayWrite,
        String action,
        int version,
        List<CaseView.Fact> facts,
        @Nullable String entered,
        List<String> earlier,
        List<Choice> treatments,
        List<Choice> units,
        Map<String, String> fields,
        @Nullable String problem) {

    public record Choice(String value, String label) {}

    static ContextView of(String caseId, CaseView.Reading reading) {
        List<ClinicalContextRecord> versions = reading.contexts();
        Optional<RefusedForm> refused = reading.refusedContext();
        Optional<ClinicalContextRecord> newest = versions.stream().findFirst();
        EnteredContext context = newest.map(ClinicalContextRecord::context).orElse(null);
        return new ContextView(
                reading.mayWrite(),
                Hrefs.clinicalContext(caseId),
                newest.map(ClinicalContextRecord::version).orElse(0),
                facts(context),
                newest.map(ContextView::byWhom).orElse(null),
                versions.stream().skip(1).map(ContextView::byWhom).toList(),
                Arrays.stream(EnteredContext.Treatment.values())
                        .map(treatment -> new Choice(treatment.name(), capitalised(treatment.words())))
                        .toList(),
                Arrays.stream(EnteredContext.PsaUnit.values())
                        .map(unit -> new Choice(unit.name(), unit.symbol()))
                        .toList(),
                refused.map(RefusedForm::fields).orElseGet(() -> fields(context)),
                refused.map(sent -> sent.problem().detail()).orElse(null));
    }

    private static String byWhom(ClinicalContextRecord version) {
        String role = version.role() == null || version.role().isEmpty() ? "" : ", " + version.role();
        return "version " + version.version() + " by " + version.enteredBy() + role + ", "
                + Words.minute(version.enteredAt()) + " UTC";
    }

    private static List<CaseView.Fact> facts(@Nullable EnteredContext context) {
        List<CaseView.Fact> facts = new ArrayList<>();
        EnteredContext.Treatment treatment = context == null ? null : context.treatment();
        facts.add(new CaseView.Fact(
                "Treatment",
                treatment == null
                        ? "unknown"
                        : capitalised(treatment.words()) + on(context == null ? null : context.treatedOn())));
        facts.add(new CaseView.Fact("Biopsy before the study", biopsy(context)));
        facts.add(new CaseView.Fact("Hip prosthesis", yesNo(context == null ? null : context.hipProsthesis())));
        facts.add(new CaseView.Fact("Endorectal coil", yesNo(context == null ? null : context.endorectalCoil())));
        EnteredContext.Psa psa = context == null ? null : context.psa();
        facts.add(new CaseView.Fact(
                "PSA",
                psa == null
                        ? "unknown"
                        : Words.plain(psa.value()) + " " + psa.unit().symbol() + on(psa.measuredOn())));
        return facts;
    }

    private static String biopsy(@Nullable EnteredContext context) {
        if (context == null || context.biopsied() == null) {
            return "unknown";
        }
        if (!context.biopsied()) {
            return "no";
        }
        return context.biopsiedOn() == null ? "yes, day unknown" : "yes, the last" + on(context.biopsiedOn());
    }

    private static Map<String, String> fields(@Nullable EnteredContext context) {
        Map<String, String> fields = new HashMap<>();
        if (context != null) {
            put(fields, "treatment", context.treatment());
            put(fields, "treatedOn", context.treatedOn());
            put(fields, "biopsied", context.biopsied());
            put(fields, "biopsiedOn", context.biopsiedOn());
            put(fields, "hipProsthesis", context.hipProsthesis());
            put(fields, "endorectalCoil", context.endorectalCoil());
            EnteredContext.Psa psa = context.psa();
            if (psa != null) {
                fields.put("psaValue", Words.plain(psa.value()));
                put(fields, "psaUnit", psa.unit());
                put(fields, "psaOn", psa.measuredOn());
            }
        }
        return fields;
    }

    private static void put(Map<String, String> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value.toString());
        }
    }

    private static String on(@Nullable LocalDate day) {
        return day == null ? "" : " on " + day;
    }

    private static String yesNo(@Nullable Boolean value) {
        return value == null ? "unknown" : value ? "yes" : "no";
    }

    private static String capitalised(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    public String value(String field) {
        return fields.getOrDefault(field, "");
    }

    public boolean chosen(String field, String value) {
        return value.equals(fields.get(field));
    }
}
