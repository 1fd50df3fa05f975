package walnut.server.frames;

import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import walnut.volume.Lps;
import walnut.volume.VolumeGeometry;

/**
 * The letters at the edges of a picture: towards which side of the patient each edge lies.
 *
 * <p>R right, L left, A anterior, P posterior, F foot, H head. Where a direction is oblique a second letter follows, in
 * falling order of its part, as in PatientOrientation (PS3.3 C.7.6.1.1.1).
 */
public record Orientation(String left, String right, String top, String bottom) {
    /** A second letter is written from about 20° off the axis. */
    private static final double SECOND_LETTER_FROM = 0.35;

    /** Columns run to the right of the picture (+i), rows to its bottom (+j). */
    public static Orientation of(VolumeGeometry geometry) {
        return new Orientation(
                letters(geometry.directionI().times(-1)),
                letters(geometry.directionI()),
                letters(geometry.directionJ().times(-1)),
                letters(geometry.directionJ()));
    }

    /** The letters of a direction in LPS. */
    public static String letters(Lps direction) {
        Lps unit = direction.unit();
        record Part(double size, String letter) {}
        String all = Stream.of(
                        new Part(Math.abs(unit.x()), unit.x() > 0 ? "L" : "R"),
                        new Part(Math.abs(unit.y()), unit.y() > 0 ? "P" : "A"),
                        new Part(Math.abs(unit.z()), unit.z() > 0 ? "H" : "F"))
                .filter(part -> part.size() >= SECOND_LETTER_FROM)
                .sorted(Comparator.comparingDouble(Part::size).reversed())
                .map(Part::letter)
                .collect(Collectors.joining());
        return all.length() > 2 ? all.substring(0, 2) : all;
    }
}
