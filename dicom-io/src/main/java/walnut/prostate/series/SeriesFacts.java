package walnut.prostate.series;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import walnut.prostate.series.Diffusion.Directionality;
import walnut.volume.Lps;

/** What the role rules ask of a series, gathered from its frames. */
final class SeriesFacts {
    private static final Pattern ACCENT = Pattern.compile("(?<=[a-z])\\p{Mn}+");
    private static final Pattern CYRILLIC_T = Pattern.compile("т(?=[12])");

    private final InstanceHeader first;
    private final List<Frame> frames;
    private final Set<String> imageTypeValues;
    private final TreeSet<Double> bValues;
    private final int framesPerPlace;

    /** The text that name rules read: SeriesDescription, or ProtocolName when that says nothing. */
    private final String name;

    private final String plainName;

    SeriesFacts(List<InstanceHeader> instances) {
        this.first = instances.get(0);
        this.frames = instances.stream()
                .flatMap(instance -> instance.frames().stream())
                .toList();
        this.imageTypeValues = frames.stream()
                .flatMap(frame -> frame.acquisition().imageType().stream())
                .map(value -> value.toUpperCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        this.bValues = frames.stream()
                .map(frame -> frame.diffusion().bValue())
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .collect(Collectors.toCollection(TreeSet::new));
        this.framesPerPlace = mostFramesAtOnePlace();
        this.name = first.seriesDescription().isBlank() ? first.protocolName() : first.seriesDescription();
        this.plainName = plain(name);
    }

    /** @param tenthsOfMm of the depth along the normal */
    private record Place(Lps normal, long tenthsOfMm) {}

    private int mostFramesAtOnePlace() {
        Map<Place, Integer> places = new HashMap<>();
        int most = 0;
        for (Frame frame : frames) {
            if (frame.plane().isPresent()) {
                ImagePlane plane = frame.plane().get();
                Place place = new Place(plane.normal(), Math.round(SliceStack.depth(frame, plane) * 10));
                most = Math.max(most, places.merge(place, 1, Integer::sum));
            }
        }
        return most;
    }

    InstanceHeader instance() {
        return first;
    }

    List<Frame> frames() {
        return frames;
    }

    String name() {
        return name;
    }

    boolean nameHas(Pattern pattern) {
        return pattern.matcher(plainName).find();
    }

    /** Lower case, Latin letters without their accents, and T1 and T2 with the Latin letter where they bear the Cyrillic. */
    private static String plain(String text) {
        String apart = Normalizer.normalize(text.toLowerCase(Locale.ROOT), Normalizer.Form.NFKD);
        String bare = ACCENT.matcher(apart).replaceAll("");
        return CYRILLIC_T
                .matcher(Normalizer.normalize(bare, Normalizer.Form.NFC))
                .replaceAll("t");
    }

    /** "ImageType DERIVED\PRIMARY\DIFFUSION\ADC": how evidence cites it. */
    String imageType() {
        return "ImageType " + String.join("\\", frames.get(0).acquisition().imageType());
    }

    boolean imageTypeHas(String... values) {
        return Stream.of(values).anyMatch(imageTypeValues::contains);
    }

    boolean scanningSequenceHas(String value) {
        return anyFrame(frame -> frame.acquisition().scanningSequence().contains(value));
    }

    boolean acquisitionContrastIs(String value) {
        return frames.get(0).acquisition().acquisitionContrast().equalsIgnoreCase(value);
    }

    String acquisitionType() {
        return frames.get(0).acquisition().mrAcquisitionType();
    }

    boolean isFatSuppressed() {
        return anyFrame(frame -> frame.acquisition().scanOptions().contains("FS"));
    }

    String sequenceName() {
        return frames.get(0).acquisition().sequenceName();
    }

    OptionalDouble echoTimeMs() {
        return smallest(frame -> frame.acquisition().echoTimeMs().orElse(Double.NaN));
    }

    int distinctEchoTimes() {
        return (int) frames.stream()
                .map(frame -> frame.acquisition().echoTimeMs())
                .distinct()
                .count();
    }

    OptionalDouble repetitionTimeMs() {
        return smallest(frame -> frame.acquisition().repetitionTimeMs().orElse(Double.NaN));
    }

    OptionalDouble flipAngleDegrees() {
        return smallest(frame -> frame.acquisition().flipAngleDegrees().orElse(Double.NaN));
    }

    Optional<String> contrastAgent() {
        String agent = frames.get(0).acquisition().contrastAgent();
        boolean none = agent.isBlank() || agent.equalsIgnoreCase("none") || agent.equalsIgnoreCase("no");
        return none ? Optional.empty() : Optional.of(agent);
    }

    /** Ascending, distinct, s/mm². */
    TreeSet<Double> bValues() {
        return bValues;
    }

    OptionalDouble highestB() {
        return bValues.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(bValues.last());
    }

    String bReadFrom() {
        return frames.stream()
                .map(frame -> frame.diffusion().readFrom())
                .filter(from -> !from.isEmpty())
                .distinct()
                .limit(3)
                .collect(Collectors.joining(", "));
    }

    boolean anyFrame(Predicate<Frame> condition) {
        return frames.stream().anyMatch(condition);
    }

    boolean hasTraces() {
        return imageTypeHas("TRACEW", "TRACE")
                || anyFrame(frame -> frame.diffusion().directionality() == Directionality.ISOTROPIC);
    }

    boolean hasSingleDirections() {
        return anyFrame(frame -> frame.diffusion().directionality() == Directionality.DIRECTIONAL
                && frame.diffusion().bValue().orElse(1) > 0);
    }

    int framesPerPlace() {
        return framesPerPlace;
    }

    int distinctTemporalPositions() {
        return (int) frames.stream()
                .map(frame -> frame.acquisition().temporalPosition())
                .distinct()
                .count();
    }

    int distinctOrientations() {
        return (int) frames.stream()
                .flatMap(frame -> frame.plane().stream())
                .map(plane -> Plane.ofNormal(plane.normal()))
                .distinct()
                .count();
    }

    OptionalDouble fieldOfViewMm() {
        return smallest(frame -> frame.plane().map(ImagePlane::fieldOfViewMm).orElse(Double.NaN));
    }

    private OptionalDouble smallest(ToDoubleFunction<Frame> attribute) {
        return frames.stream()
                .mapToDouble(attribute)
                .filter(value -> !Double.isNaN(value))
                .min();
    }
}
