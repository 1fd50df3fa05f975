package walnut.server.context;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.eligibility.EnteredContext;
import walnut.server.api.CaseSummary;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.api.ClinicalContexts;
import walnut.server.api.DicomDate;
import walnut.server.security.Caller;
import walnut.server.security.Role;

/** Holds what is entered against the clock and the study, keeps it, and has the case evaluated again where it changed. */
public final class ContextDesk implements ClinicalContexts {
    /** Nobody who is imaged today was treated before it; an earlier year is a slip of the hand. */
    private static final LocalDate EARLIEST = LocalDate.of(1920, 1, 1);

    private final ContextStore store;
    private final Function<String, Optional<CaseSummary>> cases;
    private final Consumer<String> reevaluate;
    private final Clock clock;
    private final ZoneId siteZone;
    private final Supplier<String> ids;

    /** @param reevaluate is given the id of a case whose context changed */
    public ContextDesk(
            ContextStore store,
            Function<String, Optional<CaseSummary>> cases,
            Consumer<String> reevaluate,
            Clock clock,
            ZoneId siteZone,
            Supplier<String> ids) {
        this.store = store;
        this.cases = cases;
        this.reevaluate = reevaluate;
        this.clock = clock;
        this.siteZone = siteZone;
        this.ids = ids;
    }

    @Override
    public List<ClinicalContextRecord> ofCase(String caseId) {
        return store.ofCase(caseId);
    }

    @Override
    public ClinicalContextRecord enter(String caseId, EnteredContext context, int version, Caller caller) {
        CaseSummary summary = cases.apply(caseId)
                .orElseThrow(() -> new WalnutException(FailureCode.NOT_FOUND, "there is no case " + caseId));
        List<String> problems =
                problems(context, DicomDate.day(summary.studyDate()).orElse(null));
        if (!problems.isEmpty()) {
            throw new WalnutException(FailureCode.CLINICAL_CONTEXT_INVALID, String.join("; ", problems));
        }
        Optional<EnteredContext> before = store.newestOf(caseId).map(ClinicalContextRecord::context);
        ClinicalContextRecord entered = new ClinicalContextRecord(
                ids.get(), caseId, version + 1, caller.name(), Role.words(caller.roles()), clock.instant(), context);
        store.add(entered);
        if (!before.equals(Optional.of(context))) {
            reevaluate.accept(caseId);
        }
        return entered;
    }

    private List<String> problems(EnteredContext context, @Nullable LocalDate studyDay) {
        List<String> problems = new ArrayList<>();
        LocalDate today = LocalDate.now(clock.withZone(siteZone));
        EnteredContext.Psa psa = context.psa();
        check(problems, "the day of treatment", context.treatedOn(), today);
        check(problems, "the day of the biopsy", context.biopsiedOn(), today);
        check(problems, "the day of the PSA", psa == null ? null : psa.measuredOn(), today);
        LocalDate treatedOn = context.treatedOn();
        if (studyDay != null && treatedOn != null && treatedOn.isAfter(studyDay)) {
            problems.add("the treatment is after the study of " + studyDay
                    + ": the context is what was so when the images were taken");
        }
        LocalDate biopsiedOn = context.biopsiedOn();
        if (studyDay != null && biopsiedOn != null && biopsiedOn.isAfter(studyDay)) {
            problems.add(
                    "the biopsy is after the study of " + studyDay
                            + ": its result is a label, hand it in as one; the context is what was so when the images were taken");
        }
        return problems;
    }

    private static void check(List<String> problems, String what, @Nullable LocalDate day, LocalDate today) {
        if (day != null && day.isAfter(today)) {
            problems.add(what + " lies in the future");
        }
        if (day != null && day.isBefore(EARLIEST)) {
            problems.add(what + " lies before " + EARLIEST);
        }
    }
}
