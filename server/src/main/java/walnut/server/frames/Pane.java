package walnut.server.frames;

import java.util.Arrays;
import java.util.Optional;

/** One of the pictures of a case, all on the slices of the T2W grid. */
public enum Pane {
    T2W("T2W"),
    ADC("ADC"),
    HBV("HBV"),
    HEATMAP("heatmap");

    private final String pathSegment;

    Pane(String pathSegment) {
        this.pathSegment = pathSegment;
    }

    /** How the pane is called in a URL. */
    public String pathSegment() {
        return pathSegment;
    }

    public static Optional<Pane> ofPathSegment(String segment) {
        return Arrays.stream(values())
                .filter(pane -> pane.pathSegment.equals(segment))
                .findFirst();
    }
}
