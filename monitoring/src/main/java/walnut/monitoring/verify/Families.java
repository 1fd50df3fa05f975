package walnut.monitoring.verify;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Every statistic that golden files may ask for, by the name in their {@code stat} field. */
final class Families {
    static final Map<String, Family> BY_STATISTIC = collect();

    private Families() {}

    private static Map<String, Family> collect() {
        Map<String, Family> families = new TreeMap<>();
        AccuracyFamilies.addTo(families);
        CalibrationFamilies.addTo(families);
        AgreementFamilies.addTo(families);
        DriftFamilies.addTo(families);
        ControlFamilies.addTo(families);
        LesionFamilies.addTo(families);
        return Collections.unmodifiableMap(families);
    }
}
