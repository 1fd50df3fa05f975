package walnut.prostate.series;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import walnut.prostate.series.Diffusion.Directionality;
import walnut.volume.Lps;

/**
 * Sorts the frames of one series into stacks: by b-value where it is diffusion-weighted, then, wherever two frames lie at
 * one place, by whatever tells them apart (direction, image type, echo, time).
 */
final class VolumeSplit {
    /** Positions nearer than this along the normal are one place. */
    private static final double PLACE_MM = 0.1;

    /** What may tell apart two frames at one place, most meaningful first. */
    private static final List<Function<Frame, String>> DISTINCTIONS = List.of(
            frame -> frame.diffusion().directionality().name(),
            frame -> frame.diffusion().gradient().map(Object::toString).orElse(""),
            frame -> String.join("\\", frame.acquisition().imageType()),
            frame -> frame.acquisition().echoTimeMs().toString(),
            frame -> sortable(frame.acquisition().temporalPosition().orElse(0)),
            frame -> sortable(frame.acquisition().acquisitionNumber().orElse(0)),
            frame -> frame.acquisition().timeOfAcquisition());

    private VolumeSplit() {}

    /** Volumes by ascending b-value; traces before single directions. */
    static List<SeriesVolume> of(SeriesRole role, List<Frame> frames) {
        boolean weighted = role == SeriesRole.DWI || role == SeriesRole.HBV || role == SeriesRole.DWI_DIRECTIONAL;
        if (!weighted) {
            return repeats(frames).stream()
                    .map(stack -> SliceStack.of(bOf(stack), stack))
                    .toList();
        }
        Map<Double, List<Frame>> byB = new TreeMap<>();
        for (Frame frame : frames) {
            // Frames without a b-value sort last and keep none.
            double b = frame.diffusion().bValue().orElse(Double.POSITIVE_INFINITY);
            byB.computeIfAbsent(b, unused -> new ArrayList<>()).add(frame);
        }
        List<SeriesVolume> volumes = new ArrayList<>();
        byB.forEach((b, ofOneB) -> {
            OptionalDouble bValue = b.isInfinite() ? OptionalDouble.empty() : OptionalDouble.of(b);
            for (List<Frame> stack : repeats(ofOneB)) {
                volumes.add(SliceStack.of(bValue, stack));
            }
        });
        return volumes;
    }

    /** The b-value that all frames agree on. */
    private static OptionalDouble bOf(List<Frame> frames) {
        OptionalDouble first = frames.get(0).diffusion().bValue();
        boolean agreed =
                frames.stream().allMatch(frame -> frame.diffusion().bValue().equals(first));
        return agreed ? first : OptionalDouble.empty();
    }

    private static List<List<Frame>> repeats(List<Frame> frames) {
        if (!sharePlaces(frames)) {
            return List.of(frames);
        }
        for (Function<Frame, String> distinction : DISTINCTIONS) {
            Map<String, List<Frame>> classes = new TreeMap<>();
            for (Frame frame : frames) {
                classes.computeIfAbsent(distinction.apply(frame), unused -> new ArrayList<>())
                        .add(frame);
            }
            if (classes.size() > 1 && separates(classes, frames)) {
                List<List<Frame>> stacks = new ArrayList<>();
                classes.values().forEach(ofOneClass -> stacks.addAll(repeats(ofOneClass)));
                return traceFirst(stacks);
            }
        }
        return List.of(frames);
    }

    /**
     * Whether the classes are whole stacks over the same places, instead of scattering the slices of one: each place
     * must hold as many classes as every other. A lost slice must stay a gap, so one class may be short.
     */
    private static boolean separates(Map<String, List<Frame>> classes, List<Frame> frames) {
        int places = places(frames).size();
        long fairlyWhole = classes.values().stream()
                .filter(ofOneClass -> places(ofOneClass).size() >= places - places / 4)
                .count();
        return fairlyWhole == classes.size();
    }

    private static List<List<Frame>> traceFirst(List<List<Frame>> stacks) {
        return stacks.stream()
                .sorted(Comparator.comparing(
                        stack -> stack.get(0).diffusion().directionality() == Directionality.DIRECTIONAL))
                .toList();
    }

    private static boolean sharePlaces(List<Frame> frames) {
        boolean allPlaced = frames.stream().allMatch(frame -> frame.plane().isPresent());
        return allPlaced && places(frames).values().stream().anyMatch(count -> count > 1);
    }

    /** By the normal in tenths, and how many {@link #PLACE_MM} deep. */
    private record Place(long x, long y, long z, long depth) {}

    /** Frames at each place. */
    private static Map<Place, Integer> places(List<Frame> frames) {
        Map<Place, Integer> places = new HashMap<>();
        for (Frame frame : frames) {
            ImagePlane plane = frame.plane().orElseThrow();
            Lps normal = plane.normal();
            Place place = new Place(
                    Math.round(10 * normal.x()),
                    Math.round(10 * normal.y()),
                    Math.round(10 * normal.z()),
                    Math.round(SliceStack.depth(frame, plane) / PLACE_MM));
            places.merge(place, 1, Integer::sum);
        }
        return places;
    }

    private static String sortable(int number) {
        return String.format("%011d", number);
    }
}
