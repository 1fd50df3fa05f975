package walnut.server.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import walnut.volume.Lps;

/** Reads a position that is given as X,Y,Z: LPS millimetres. */
final class LpsConverter implements ITypeConverter<Lps> {
    @Override
    public Lps convert(String text) {
        String[] parts = text.split(",", -1);
        try {
            if (parts.length == 3) {
                Lps point = new Lps(
                        Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), Double.parseDouble(parts[2]));
                if (Double.isFinite(point.length())) {
                    return point;
                }
            }
        } catch (NumberFormatException e) {
            // Told below, with the form that is expected.
        }
        throw new TypeConversionException("expected three millimetres X,Y,Z in LPS, got '" + text + "'");
    }
}
