package walnut.volume;

/** A point or a direction in the DICOM patient frame LPS: +x left, +y posterior, +z head; millimetres for points. */
public record Lps(double x, double y, double z) {

    public Lps plus(Lps other) {
        return new Lps(x + other.x, y + other.y, z + other.z);
    }

    public Lps minus(Lps other) {
        return new Lps(x - other.x, y - other.y, z - other.z);
    }

    public Lps times(double factor) {
        return new Lps(x * factor, y * factor, z * factor);
    }

    public double dot(Lps other) {
        return x * other.x + y * other.y + z * other.z;
    }

    public Lps cross(Lps other) {
        return new Lps(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x);
    }

    public double length() {
        return Math.sqrt(dot(this));
    }

    /** This direction scaled to length 1; the zero vector has none and is an {@link IllegalArgumentException}. */
    public Lps unit() {
        double length = length();
        if (!(length > 0)) {
            throw new IllegalArgumentException("a zero vector has no direction");
        }
        return times(1 / length);
    }
}
