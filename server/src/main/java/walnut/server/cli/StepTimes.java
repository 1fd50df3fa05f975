package walnut.server.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import walnut.server.journey.Step;
import walnut.server.journey.StepObserver;

/** When each step of each case was done, by {@link System#nanoTime()}, and where the time from the last image went. */
final class StepTimes implements StepObserver {
    private final Map<Step, Map<String, Long>> times = new ConcurrentHashMap<>();

    @Override
    public void done(Step step, String id) {
        Map<String, Long> ofStep = times.computeIfAbsent(step, first -> new ConcurrentHashMap<>());
        if (step == Step.CLAIMED) {
            // A case that was not whole is claimed again; only the last claim led on.
            ofStep.put(id, System.nanoTime());
        } else {
            ofStep.putIfAbsent(id, System.nanoTime());
        }
    }

    private @Nullable Long at(Step step, String id) {
        return times.getOrDefault(step, Map.of()).get(id);
    }

    /** One study's way: when its last image was sent, and when the first page of its result was in the archive. */
    record Way(String caseId, String predictionId, long lastImageAt, long firstPageAt) {}

    /** Seconds by part of the way, in its order, the whole last; studies of which a step was not seen are left out. */
    Map<String, List<Double>> parts(List<Way> ways) {
        Map<String, List<Double>> parts = new LinkedHashMap<>();
        for (Way way : ways) {
            Long claimed = at(Step.CLAIMED, way.caseId());
            Long stored = at(Step.PREDICTION_STORED, way.caseId());
            Long queued = at(Step.QUEUED, way.predictionId());
            if (claimed == null || stored == null || queued == null) {
                continue;
            }
            add(parts, "waiting for more images or a turn", way.lastImageAt(), claimed);
            add(parts, "corridor", claimed, stored);
            add(parts, "writing the objects", stored, queued);
            add(parts, "sending the first page", queued, way.firstPageAt());
            add(parts, "whole", way.lastImageAt(), way.firstPageAt());
        }
        return parts;
    }

    private static void add(Map<String, List<Double>> parts, String name, long from, long to) {
        parts.computeIfAbsent(name, first -> new ArrayList<>()).add((to - from) / 1e9);
    }

    /** The smallest value that this part of all values does not exceed. */
    static double percentile(List<Double> values, double part) {
        List<Double> ascending =
                values.stream().sorted(Comparator.naturalOrder()).toList();
        return ascending.get((int) Math.max(0, Math.ceil(part * ascending.size()) - 1));
    }
}
