package walnut.monitoring.verify;

import java.util.Map;

/** Computes what a golden file of one statistic asks for: field name to value, nested as the file nests it. */
@FunctionalInterface
interface Family {
    /**
     * Values may be numbers, booleans, strings, null, arrays, lists, maps,
     * {@link walnut.monitoring.statistic.Statistic} and {@link walnut.monitoring.statistic.Answer}.
     */
    Map<String, ?> compute(Inputs in);
}
