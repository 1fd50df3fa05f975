package walnut.prostate.phantom;

import walnut.volume.Lps;

/**
 * An ellipsoid turned about the z axis, with an approximate signed distance.
 *
 * <p>Anatomical millimetres. The long axis lies in the axial plane along (cosine, sine).
 * <p>Source: the distance is the first-order bound k0·(k0−1)/k1 (I. Quilez, "ellipsoid – distance bound"); exact on the
 * surface, negative inside.
 */
record Ellipsoid(
        double centreX,
        double centreY,
        double centreZ,
        double radiusU,
        double radiusV,
        double radiusW,
        double cosine,
        double sine) {

    static Ellipsoid upright(double x, double y, double z, double rx, double ry, double rz) {
        return new Ellipsoid(x, y, z, rx, ry, rz, 1, 0);
    }

    Lps centre() {
        return new Lps(centreX, centreY, centreZ);
    }

    double largestRadius() {
        return Math.max(radiusU, Math.max(radiusV, radiusW));
    }

    /** Whether the point is nearer to the centre than the largest radius and a margin: a cheap test to skip the rest. */
    boolean near(double x, double y, double z, double margin) {
        double reach = largestRadius() + margin;
        double dx = x - centreX;
        double dy = y - centreY;
        double dz = z - centreZ;
        return dx * dx + dy * dy + dz * dz < reach * reach;
    }

    double distance(double x, double y, double z) {
        double dx = x - centreX;
        double dy = y - centreY;
        double u = (dx * cosine + dy * sine) / radiusU;
        double v = (-dx * sine + dy * cosine) / radiusV;
        double w = (z - centreZ) / radiusW;
        double k0 = Math.sqrt(u * u + v * v + w * w);
        double gu = u / radiusU;
        double gv = v / radiusV;
        double gw = w / radiusW;
        double k1 = Math.sqrt(gu * gu + gv * gv + gw * gw);
        return k1 > 0 ? k0 * (k0 - 1) / k1 : -Math.min(radiusU, Math.min(radiusV, radiusW));
    }
}
