package walnut.server.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model's passport says of it, for people.
 *
 * @param facts further passport facts in the order to show them (training data, licence, runtime, …)
 */
public record ModelDescription(
        Deployment deployment,
        String title,
        String intendedUse,
        List<String> limitations,
        List<Input> inputs,
        List<OperatingPoint> operatingPoints,
        List<Fact> facts) {
    public ModelDescription {
        limitations = List.copyOf(limitations);
        inputs = List.copyOf(inputs);
        operatingPoints = List.copyOf(operatingPoints);
        facts = List.copyOf(facts);
    }

    /** An input channel (T2W, ADC, HBV) and how it is prepared, in words. */
    public record Input(String channel, @Nullable String preparation) {}

    public record OperatingPoint(
            String name, double threshold, @Nullable String meaning) {}

    public record Fact(String name, String value) {}
}
