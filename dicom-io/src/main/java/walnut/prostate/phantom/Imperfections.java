package walnut.prostate.phantom;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How imperfect the acquisition is.
 *
 * @param factors on what the dialect does by itself, one for each imperfection: 1 is the dialect's own, 0 is perfect
 */
public record Imperfections(Map<Imperfection, Double> factors) {
    public static final Imperfections USUAL = all(1);
    public static final Imperfections NONE = all(0);

    public Imperfections {
        factors = Collections.unmodifiableMap(new EnumMap<>(factors));
        if (factors.size() < Imperfection.values().length
                || !factors.values().stream().allMatch(factor -> factor >= 0)) {
            throw new IllegalArgumentException("each imperfection has a factor and none is negative, got " + factors);
        }
    }

    private static Imperfections all(double factor) {
        return new Imperfections(
                Arrays.stream(Imperfection.values()).collect(Collectors.toMap(each -> each, each -> factor)));
    }

    public double of(Imperfection imperfection) {
        return factors.getOrDefault(imperfection, 0.0);
    }

    /** The same but for one. */
    public Imperfections with(Imperfection imperfection, double factor) {
        Map<Imperfection, Double> changed = new EnumMap<>(factors);
        changed.put(imperfection, factor);
        return new Imperfections(changed);
    }
}
