package walnut.server.api;

import java.util.List;

/** Ready when every check holds: known answers of each model, database, disk. */
public record ReadinessReport(List<Check> checks) {
    public ReadinessReport {
        checks = List.copyOf(checks);
    }

    public boolean ready() {
        return checks.stream().allMatch(Check::ok);
    }

    /** One thing that must hold, and what was found, free of patient identifiers. */
    public record Check(String name, boolean ok, String detail) {}
}
