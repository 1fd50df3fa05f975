package walnut.server.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;
import walnut.volume.Lps;
import walnut.volume.VolumeGeometry;

/** How geometry is written in JSON: size and spacing as (columns, rows, slices), LPS millimetres. */
final class VolumeDocument {
    private VolumeDocument() {}

    static void putGeometry(ObjectNode node, VolumeGeometry geometry) {
        node.putArray("size").add(geometry.columns()).add(geometry.rows()).add(geometry.slices());
        node.putArray("spacingMm")
                .add(geometry.spacingI())
                .add(geometry.spacingJ())
                .add(geometry.spacingK());
        Lps origin = geometry.origin();
        node.putArray("originLps").add(origin.x()).add(origin.y()).add(origin.z());
        ArrayNode direction = node.putArray("directionLps");
        for (double cosine : geometry.directionLps()) {
            direction.add(cosine);
        }
    }

    /** Whole b-values without a decimal point, as everybody writes them; null where there is none. */
    static void putB(ObjectNode node, OptionalDouble b) {
        if (b.isEmpty()) {
            node.putNull("bValue");
        } else if (b.getAsDouble() == Math.rint(b.getAsDouble())) {
            node.put("bValue", (long) b.getAsDouble());
        } else {
            node.put("bValue", b.getAsDouble());
        }
    }

    static void addB(ArrayNode list, double b) {
        if (b == Math.rint(b)) {
            list.add((long) b);
        } else {
            list.add(b);
        }
    }
}
