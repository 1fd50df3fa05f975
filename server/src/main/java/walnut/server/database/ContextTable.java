package walnut.server.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.eligibility.EnteredContext;
import walnut.server.api.ClinicalContextRecord;
import walnut.server.context.ContextStore;

/** The append-only list of clinical contexts. */
public final class ContextTable implements ContextStore {
    private static final RowMapper<ClinicalContextRecord> CONTEXT = (row, context) -> new ClinicalContextRecord(
            row.getString("context_id"),
            row.getString("case_id"),
            row.getInt("version"),
            row.getString("entered_by"),
            row.getString("role"),
            Microseconds.toInstant(row.getLong("entered_at")),
            new EnteredContext(
                    row.getString("treatment") == null
                            ? null
                            : EnteredContext.Treatment.valueOf(row.getString("treatment")),
                    date(row, "treated_on"),
                    truth(row, "biopsied"),
                    date(row, "biopsied_on"),
                    truth(row, "hip_prosthesis"),
                    truth(row, "endorectal_coil"),
                    psa(row)));

    private final Database database;

    public ContextTable(Database database) {
        this.database = database;
    }

    @Override
    public void add(ClinicalContextRecord entered) {
        EnteredContext context = entered.context();
        EnteredContext.Psa psa = context.psa();
        database.write().useTransaction(handle -> {
            int newest = handle.createQuery(
                            "select coalesce(max(version), 0) from clinical_context where case_id = :case")
                    .bind("case", entered.caseId())
                    .mapTo(Integer.class)
                    .one();
            // Two at once meet at the unique constraint, where transactions may overlap.
            int added = newest != entered.version() - 1
                    ? 0
                    : handle.createUpdate(
                                    "insert into clinical_context (context_id, case_id, version, entered_by, role,"
                                            + " entered_at, treatment, treated_on, biopsied, biopsied_on, hip_prosthesis,"
                                            + " endorectal_coil, psa_value, psa_unit, psa_on) values (:id, :case, :version, :by,"
                                            + " :role, :at, :treatment, :treatedOn, :biopsied, :biopsiedOn, :prosthesis, :coil,"
                                            + " :psaValue, :psaUnit, :psaOn) on conflict (case_id, version) do nothing")
                            .bind("id", entered.contextId())
                            .bind("case", entered.caseId())
                            .bind("version", entered.version())
                            .bind("by", entered.enteredBy())
                            .bind("role", entered.role())
                            .bind("at", Microseconds.of(entered.enteredAt()))
                            .bind("treatment", text(context.treatment()))
                            .bind("treatedOn", text(context.treatedOn()))
                            .bind("biopsied", number(context.biopsied()))
                            .bind("biopsiedOn", text(context.biopsiedOn()))
                            .bind("prosthesis", number(context.hipProsthesis()))
                            .bind("coil", number(context.endorectalCoil()))
                            .bind("psaValue", psa == null ? null : Double.valueOf(psa.value()))
                            .bind("psaUnit", psa == null ? null : psa.unit().name())
                            .bind("psaOn", psa == null ? null : text(psa.measuredOn()))
                            .execute();
            if (added == 0) {
                throw new WalnutException(
                        FailureCode.CLINICAL_CONTEXT_SUPERSEDED,
                        "somebody entered a clinical context meanwhile: its newest version is " + newest
                                + ", this one was written beside version " + (entered.version() - 1));
            }
        });
    }

    @Override
    public List<ClinicalContextRecord> ofCase(String caseId) {
        return database.read().withHandle(handle -> handle.createQuery(
                        "select * from clinical_context where case_id = :case order by version desc")
                .bind("case", caseId)
                .map(CONTEXT)
                .list());
    }

    private static EnteredContext.@Nullable Psa psa(ResultSet row) throws SQLException {
        double value = row.getDouble("psa_value");
        return row.wasNull()
                ? null
                : new EnteredContext.Psa(
                        value, EnteredContext.PsaUnit.valueOf(row.getString("psa_unit")), date(row, "psa_on"));
    }

    private static @Nullable LocalDate date(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        return text == null ? null : LocalDate.parse(text);
    }

    private static @Nullable Boolean truth(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : Boolean.valueOf(value != 0);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable Integer number(@Nullable Boolean value) {
        return value == null ? null : Integer.valueOf(value ? 1 : 0);
    }
}
