package walnut.prostate.phantom;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import walnut.volume.Lps;

/**
 * The anatomy of one phantom as a function of position: no voxels, so any plane, spacing or rescan samples the same
 * man.
 *
 * <p>Frame: LPS directions with the origin in the centre of the gland (+x left, +y posterior, +z head), millimetres.
 * <p>Every structure has an approximate signed distance; its weight falls from 1 to 0 across its soft edge, and
 * structures are painted from the background to the lesions. The soft edge is a cubic smooth step with the slope of a
 * logistic of the same width: it needs no exponential and ends, so that structures can be skipped by bounding boxes.
 * <p>Source of proportions: {@code models/training/README.md} names the specification; sizes are those of adult men
 * with 18 to 110 mL glands.
 */
final class PhantomAnatomy {
    /** Exponent 2.25 of the gland's superellipsoid: |u|^2.25 = u²·⁴√|u|, two square roots instead of a power. */
    private static final double EXPONENT = 2.25;

    private static final double PERIPROSTATIC_MM = 10;

    /** No tissue has a shorter T2 than cortical bone or gas. */
    private static final double SHORTEST_T2_MS = 8;

    private final Map<Tissue, PatientTissue> tissues = new EnumMap<>(Tissue.class);
    private final ValueNoise noise;
    private final PatientTissue fat;
    private final PatientTissue muscle;
    private final Pelvis pelvis;

    // The gland and its zones.
    private final double a;
    private final double b;
    private final double c;
    private final Ellipsoid transitionZone;
    private final Ellipsoid centralZone;
    private final Ellipsoid anteriorStroma;
    private final double centralZoneWeight;
    private final List<Focus> nodules = new ArrayList<>();
    private final List<Wedge> wedges = new ArrayList<>();
    private final List<Focus> foci = new ArrayList<>();

    // The pelvis around it.
    private final double pelvisScale;
    private final double veinWeight;
    private final Ellipsoid leftVesicle;
    private final Ellipsoid rightVesicle;
    private final Ellipsoid bladder;
    private final double bladderWallMm;
    private final double rectumX;
    private final double rectumY;
    private final double rectumRadius;
    private final boolean rectalGas;
    private final Ellipsoid leftPubis;
    private final Ellipsoid rightPubis;
    private final Ellipsoid marker;
    private final Ellipsoid rectalTumour;

    /** A benign change with its middle in anatomical mm. */
    record LookAlike(Tissue kind, Lps centre) {}

    /** A wedge of prostatitis in the peripheral zone: it narrows inward from the capsule. */
    private record Wedge(
            double azimuth,
            double halfWidth,
            double centreZ,
            double halfHeight,
            double strength,
            PatientTissue tissue) {}

    /**
     * Draws a patient.
     *
     * @param filling number of the visit: bladder and rectum fill anew with it, nothing else changes
     */
    PhantomAnatomy(PhantomRecipe recipe, long seed, int filling) {
        pelvis = recipe.pelvis();
        SeedStream stream = new SeedStream(seed, 1);
        SeedStream visit = new SeedStream(seed, 4, filling);
        noise = new ValueNoise(new SeedStream(seed, 5));
        for (Tissue tissue : Tissue.values()) {
            tissues.put(tissue, PatientTissue.draw(tissue, stream));
        }
        fat = tissue(Tissue.FAT);
        muscle = tissue(Tissue.MUSCLE);

        double volumeMl = clip(stream.logNormal(45, .42), 18, 110);
        double width = 1.07 * stream.logNormal(1, .05);
        double height = .73 * stream.logNormal(1, .08);
        double length = .88 * stream.logNormal(1, .08);
        // The superellipsoid holds 6 % more than the ellipsoid; taper and concavity take about as much away.
        double size = StrictMath.cbrt(volumeMl * 1000 / (4 * StrictMath.PI / 3 * width * height * length));
        if (!pelvis.hasGland()) {
            // Nothing holds bladder, levator and rectum apart: they close in on what is left.
            size *= pelvis == Pelvis.FEMALE ? .75 : .6;
        }
        a = width * size;
        b = height * size;
        c = length * size;

        double fraction = clip(.45 + .22 * StrictMath.log(volumeMl / 45) + stream.normal(0, .07), .18, .78);
        double shrink = StrictMath.cbrt(fraction);
        double lift = stream.uniform(.2, .7);
        transitionZone = Ellipsoid.upright(
                stream.normal(0, .03 * a),
                -.72 * (b - b * shrink),
                lift * (c - c * shrink),
                a * shrink * .96,
                b * shrink,
                c * shrink);
        centralZone = Ellipsoid.upright(0, .42 * b, .68 * c, .42 * a, .30 * b, .42 * c);
        centralZoneWeight = stream.uniform(.3, 1);
        anteriorStroma = Ellipsoid.upright(0, -.88 * b, -.05 * c, .5 * a, .19 * b, .75 * c);
        drawNodules(stream, fraction, recipe.mimics().stromalShare());

        pelvisScale = stream.uniform(.92, 1.08);
        veinWeight = stream.uniform(.5, 1.2);
        double vesicleTilt = stream.uniform(.25, .5);
        double vesicleY = .55 * b + 3;
        double vesicleZ = c + 2;
        leftVesicle = new Ellipsoid(
                15, vesicleY, vesicleZ, 15, 5, 8, StrictMath.cos(vesicleTilt), -StrictMath.sin(vesicleTilt));
        rightVesicle = new Ellipsoid(
                -15, vesicleY, vesicleZ, 15, 5, 8, StrictMath.cos(vesicleTilt), StrictMath.sin(vesicleTilt));
        double bladderRadius = stream.uniform(22, 38) * visit.uniform(.93, 1.07);
        bladderWallMm = stream.uniform(3, 6);
        double descent = pelvis.hasGland() ? 0 : pelvis == Pelvis.FEMALE ? .5 * c : 1.1 * c;
        bladder = Ellipsoid.upright(
                0,
                -.25 * b - 6,
                c - descent + .62 * bladderRadius + bladderWallMm - 4,
                1.25 * bladderRadius,
                .8 * bladderRadius,
                .75 * bladderRadius);
        rectumRadius = stream.uniform(9, 16) * visit.uniform(.93, 1.07);
        rectumX = stream.normal(0, 3);
        rectumY = .92 * b + 7 + rectumRadius;
        rectalGas = visit.chance(.35);
        leftPubis = new Ellipsoid(24, -b - 26, -8, 23, 9, 20, .92, .39);
        rightPubis = new Ellipsoid(-24, -b - 26, -8, 23, 9, 20, .92, -.39);
        marker = Ellipsoid.upright(57, 40, 0, 4, 4, 22);

        rectalTumour = new Ellipsoid(
                rectumX + stream.sign() * .5 * rectumRadius,
                rectumY - .55 * rectumRadius,
                stream.uniform(-12, 12),
                .85 * rectumRadius,
                stream.uniform(4.5, 8),
                stream.uniform(12, 20),
                1,
                0);
        if (pelvis.hasGland()) {
            drawMimics(stream, recipe.mimics());
            drawCancers(stream, recipe.cancer());
        } else {
            nodules.clear();
        }
    }

    private static double clip(double value, double low, double high) {
        return Math.max(low, Math.min(high, value));
    }

    private PatientTissue tissue(Tissue tissue) {
        PatientTissue found = tissues.get(tissue);
        if (found == null) {
            throw new IllegalStateException("no " + tissue + " was drawn");
        }
        return found;
    }

    /** The foci that are cancers, in the order of their truth labels 1, 2, …. */
    List<Focus> cancers() {
        return foci.stream().filter(Focus::cancer).toList();
    }

    /** What is benign and may be taken for cancer, in the order of drawing: wedges, foci, stromal nodules. */
    List<LookAlike> lookAlikes() {
        List<LookAlike> found = new ArrayList<>();
        for (Wedge wedge : wedges) {
            double depth = .8 * capsuleReach(wedge.azimuth(), clip(wedge.centreZ(), -.9 * c, .9 * c));
            found.add(new LookAlike(
                    Tissue.PROSTATITIS,
                    new Lps(
                            depth * a * StrictMath.sin(wedge.azimuth()),
                            depth * b * StrictMath.cos(wedge.azimuth()),
                            wedge.centreZ())));
        }
        for (Focus focus : foci) {
            if (!focus.cancer()) {
                found.add(new LookAlike(focus.kind(), focus.outline().centre()));
            }
        }
        for (Focus nodule : nodules) {
            if (nodule.kind() == Tissue.STROMAL_NODULE) {
                found.add(new LookAlike(nodule.kind(), nodule.outline().centre()));
            }
        }
        return List.copyOf(found);
    }

    Ellipsoid marker() {
        return marker;
    }

    // ---------------------------------------------------------------- drawing

    private void drawNodules(SeedStream stream, double fraction, double stromalShare) {
        int count = Math.min(16, stream.poisson(3 + 16 * Math.max(0, fraction - .25)));
        Ellipsoid zone = transitionZone;
        for (int number = 0; number < count; number++) {
            boolean stromal = stream.chance(stromalShare);
            double radius = clip(stream.logNormal(5, .4), 2.5, zone.radiusV() / 2);
            double azimuth = stream.uniform(0, 2 * StrictMath.PI);
            double distance = StrictMath.cbrt(stream.uniform()) * .72;
            double cosine = stream.uniform(-1, 1);
            double sine = Math.sqrt(1 - cosine * cosine);
            Ellipsoid outline = new Ellipsoid(
                    zone.centreX() + zone.radiusU() * distance * sine * StrictMath.cos(azimuth),
                    zone.centreY() + zone.radiusV() * distance * sine * StrictMath.sin(azimuth),
                    zone.centreZ() + zone.radiusW() * distance * cosine,
                    radius * stream.logNormal(1, .12),
                    radius * stream.logNormal(1, .12),
                    radius * stream.logNormal(1, .12),
                    1,
                    0);
            Tissue kind = stromal ? Tissue.STROMAL_NODULE : Tissue.GLANDULAR_NODULE;
            PatientTissue base = tissue(kind);
            PatientTissue own = base.with(
                    base.t2() * (1 + .10 * clip(stream.normal(), -2, 2)),
                    base.adc() * (1 + .06 * clip(stream.normal(), -2, 2)));
            nodules.add(new Focus(
                    kind, 0, Zone.TRANSITION, outline, .7, stream.uniform(.6, 1), own, stream.uniform(0, 32)));
        }
    }

    private void drawMimics(SeedStream stream, PhantomRecipe.Mimics rates) {
        if (stream.chance(rates.prostatitisRate())) {
            int count = 1 + stream.choice(.5, .3, .2);
            for (int number = 0; number < count; number++) {
                wedges.add(new Wedge(
                        stream.sign() * stream.uniform(.1, 1.6),
                        stream.uniform(.15, .6),
                        stream.normal(-.1, .4) * c,
                        stream.uniform(4, 11),
                        stream.uniform(.4, .95),
                        PatientTissue.draw(Tissue.PROSTATITIS, stream)));
            }
        }
        if (stream.chance(rates.focalProstatitisRate())) {
            double volume = clip(stream.logNormal(.5, .6), .1, 2.5);
            foci.add(peripheralFocus(stream, Tissue.FOCAL_PROSTATITIS, 0, volume, stream.uniform(.6, 1)));
        }
        if (stream.chance(rates.haemorrhageRate())) {
            double volume = clip(stream.logNormal(.8, .6), .2, 3);
            foci.add(peripheralFocus(stream, Tissue.HAEMORRHAGE, 0, volume, stream.uniform(.5, 1)));
        }
    }

    private void drawCancers(SeedStream stream, PhantomRecipe.Cancer cancers) {
        double draw = stream.uniform();
        int isup;
        if (draw < cancers.rate()) {
            isup = 2 + stream.choice(.50, .25, .13, .12);
        } else if (draw < cancers.rate() + cancers.lowGradeRate()) {
            isup = 1;
        } else {
            return;
        }
        foci.add(cancer(stream, cancers, isup));
        if (stream.chance(cancers.secondLesionRate())) {
            // Never graver than the index lesion, which is what "index" means.
            foci.add(cancer(stream, cancers, Math.min(isup, 1 + stream.choice(.50, .35, .15))));
        }
    }

    private Focus cancer(SeedStream stream, PhantomRecipe.Cancer cancers, int isup) {
        double volume = clip(stream.logNormal(cancers.medianMl()[isup - 1], .7), .1, 5);
        double conspicuity = clip(stream.beta(cancers.conspicuity()[isup - 1], 1.4), .35, 1);
        Focus focus = stream.chance(.70)
                ? peripheralFocus(stream, Tissue.CANCER, isup, volume, conspicuity)
                : transitionFocus(stream, isup, volume, conspicuity);
        double[] t2ByGrade = {108, 97, 91, 87, 83};
        PatientTissue own = tissue(Tissue.CANCER)
                .with(
                        t2ByGrade[isup - 1] * (focus.zone() == Zone.TRANSITION ? .72 : 1) + stream.normal(0, 7),
                        Math.max(350, cancers.adc()[isup - 1] + 110 * clip(stream.normal(), -2, 2)));
        return new Focus(
                focus.kind(), isup, focus.zone(), focus.outline(), focus.edgeMm(), conspicuity, own, focus.phase());
    }

    /** A focus between capsule and transition zone, its long axis along the capsule. */
    private Focus peripheralFocus(SeedStream stream, Tissue kind, int isup, double volumeMl, double conspicuity) {
        double azimuth = 0;
        double z = 0;
        double x = 0;
        double y = 0;
        double depth = .86;
        for (int attempt = 0; attempt < 60; attempt++) {
            azimuth = stream.sign() * clip(Math.abs(stream.normal(.85, .5)), .12, 2.1);
            z = clip(stream.normal(-.1, .42), -.75, .75) * c;
            depth = Math.min(.93, stream.uniform(.74, .90) + .002 * attempt);
            double reach = depth * capsuleReach(azimuth, z);
            x = reach * a * StrictMath.sin(azimuth);
            y = reach * b * StrictMath.cos(azimuth);
            if (transitionZone.distance(x, y, z) > .5) {
                break;
            }
        }
        double along = stream.uniform(1.1, 1.9);
        double across = stream.uniform(.55, .85);
        double up = stream.uniform(.8, 1.2);
        double radius = StrictMath.cbrt(3 * volumeMl * 1000 / (4 * StrictMath.PI * along * across * up));
        double tangentX = a * StrictMath.cos(azimuth);
        double tangentY = -b * StrictMath.sin(azimuth);
        double length = Math.sqrt(tangentX * tangentX + tangentY * tangentY);
        Ellipsoid outline = new Ellipsoid(
                x, y, z, radius * along, radius * across, radius * up, tangentX / length, tangentY / length);
        return new Focus(
                kind,
                isup,
                Zone.PERIPHERAL,
                outline,
                stream.uniform(.6, 1.4),
                conspicuity,
                tissue(kind),
                stream.uniform(0, 32));
    }

    /** A lenticular focus in the anterior half of the transition zone, with a softer edge. */
    private Focus transitionFocus(SeedStream stream, int isup, double volumeMl, double conspicuity) {
        Ellipsoid zone = transitionZone;
        double along = stream.uniform(1.2, 1.9);
        double across = stream.uniform(.6, .9);
        double up = stream.uniform(.8, 1.2);
        double radius = StrictMath.cbrt(3 * volumeMl * 1000 / (4 * StrictMath.PI * along * across * up));
        double turn = stream.normal(0, .35);
        Ellipsoid outline = new Ellipsoid(
                zone.centreX() + zone.radiusU() * stream.sign() * stream.uniform(.05, .55),
                zone.centreY() - zone.radiusV() * stream.uniform(.15, .6),
                zone.centreZ() + zone.radiusW() * stream.uniform(-.5, .5),
                radius * along,
                radius * across,
                radius * up,
                StrictMath.cos(turn),
                StrictMath.sin(turn));
        return new Focus(
                Tissue.CANCER,
                isup,
                Zone.TRANSITION,
                outline,
                stream.uniform(1.2, 2.2),
                conspicuity,
                tissue(Tissue.CANCER),
                stream.uniform(0, 32));
    }

    /** How far the capsule is in the direction of an azimuth (0 = posterior, + = left) at a height, in semi-axes. */
    private double capsuleReach(double azimuth, double z) {
        double inPlane = power(StrictMath.sin(azimuth)) + power(StrictMath.cos(azimuth));
        return StrictMath.pow(Math.max(.05, 1 - power(z / c)) / inPlane, 1 / EXPONENT);
    }

    // ---------------------------------------------------------------- sampling

    /** |u|^2.25 by square roots. */
    private static double power(double u) {
        double magnitude = Math.abs(u);
        return u * u * Math.sqrt(Math.sqrt(magnitude));
    }

    /** Weight of a structure at signed distance d with an edge of the given width: 1 inside, 0 outside. */
    private static double soft(double distance, double width) {
        double t = .5 - distance / (6 * width);
        return t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t);
    }

    /** A line of half-width w at distance 0: 1 on it, falling to 0 at about 2 w. */
    private static double line(double distance, double width) {
        double t = distance / (2 * width);
        double square = t * t;
        return square >= 1 ? 0 : (1 - square) * (1 - square);
    }

    /** The signed distance to the gland's surface, mm: first order, so an underestimate far away. */
    private double glandDistance(double x, double y, double z) {
        double taper = 1 - .12 * clip(-z / c, 0, 1);
        double groove = x / (.35 * a);
        double notch = 1 + .5 * groove * groove;
        double pushed = y > 0 ? y * (1 + .10 / (notch * notch)) : y;
        double u = x / (a * taper);
        double v = pushed / (b * taper);
        double w = z / c;
        double pu = Math.sqrt(Math.sqrt(Math.abs(u)));
        double pv = Math.sqrt(Math.sqrt(Math.abs(v)));
        double pw = Math.sqrt(Math.sqrt(Math.abs(w)));
        double level = u * u * pu + v * v * pv + w * w * pw;
        double gu = EXPONENT * u * pu / a;
        double gv = EXPONENT * v * pv / b;
        double gw = EXPONENT * w * pw / c;
        double gradient = Math.sqrt(gu * gu + gv * gv + gw * gw);
        return gradient > 1e-6 ? (level - 1) / gradient : -b;
    }

    /**
     * What is at a point of the anatomy (mm from the centre of the gland).
     *
     * @param diffusion whether the fine texture of the ADC is wanted; T2 and density do not depend on it
     */
    void sample(double x, double y, double z, boolean diffusion, TissueSample out) {
        paintPelvis(x, y, z, out);
        if (!pelvis.hasGland()) {
            if (pelvis == Pelvis.FEMALE) {
                paintFemaleOrgans(x, y, z, out);
            } else {
                paintProstatectomyBed(x, y, z, out);
            }
        } else if (Math.abs(x) < a + PERIPROSTATIC_MM + 2
                && Math.abs(y) < b + PERIPROSTATIC_MM + 2
                && Math.abs(z) < c + PERIPROSTATIC_MM + 2) {
            double distance = glandDistance(x, y, z) + .45 * noise.at(x, y, z, 7, 3);
            paintSurroundings(distance, x, y, z, out);
            paintVesicles(x, y, z, out);
            if (distance < 3) {
                paintGland(distance, x, y, z, out);
            }
        } else {
            paintVesicles(x, y, z, out);
        }
        // Veins weigh up to 1.35 where they are dense; over urine, whose T2 is far from theirs, that overshoots below
        // 0.
        out.t2 = Math.max(SHORTEST_T2_MS, out.t2);
        if (out.fatFraction < .95) {
            double coarse = noise.at(x, y, z, 4, 17);
            if (out.zone.gland()) {
                out.t2 *= Math.max(.4, 1 + .055 * noise.at(x, y, z, 1.7, 11) + .045 * coarse);
            } else {
                out.t2 *= Math.max(.4, 1 + .04 * coarse);
            }
            out.adc *= Math.max(.4, 1 + .04 * coarse);
            if (diffusion) {
                out.adc *= Math.max(.4, 1 + .05 * noise.at(x, y, z, 3, 23));
            }
        }
    }

    private void paintPelvis(double x, double y, double z, TissueSample out) {
        out.fill(fat);
        double septum = noise.at(x, y, z, 9, 5);
        out.protonDensity *= 1 + .07 * septum - .22 * line(septum - .3, .05);
        double ax = Math.abs(x) / pelvisScale;

        // Obturator internus: a slab that hugs the pelvic wall, bone behind it.
        double wall = 50 + .0045 * (y + 5) * (y + 5) * (y > -5 ? -1 : .6);
        if (ax > 36 && y > -60 && y < 52) {
            double bulge = 1.2 * noise.at(x, y, z, 16, 7);
            double muscleDistance = Math.max(Math.abs(ax - wall - 7 + bulge) - 7.5, Math.abs(y + 6) - 42);
            paintMuscle(soft(muscleDistance, .6), x, y, z, out);
            double boneDistance = Math.max(wall + 16 + bulge - ax, Math.abs(y + 10) - 36);
            double bone = soft(boneDistance, .6);
            if (bone > 0) {
                out.paint(tissue(Tissue.MARROW), bone);
                out.paint(tissue(Tissue.CORTICAL_BONE), .9 * line(boneDistance, 1));
            }
        }
        if (y > 58) {
            paintMuscle(soft(62 + .1 * ax + 2 * septum - y, 1) * (ax > 6 ? 1 : ax / 6), x, y, z, out);
        }
        if (y < -b - 8 && z < 18) {
            paintPubis(x, y, z, out);
        }
        paintLevator(x, y, z, out);
        paintRectum(x, y, z, out);
        if (pelvis == Pelvis.RECTAL_CANCER) {
            paintRectalTumour(x, y, z, out);
        }
        if (bladder.near(x, y, z, bladderWallMm + 4)) {
            double distance = bladder.distance(x, y, z) + .5 * septum;
            out.paint(tissue(Tissue.BLADDER_WALL), soft(distance - bladderWallMm, .6));
            out.paint(tissue(Tissue.URINE), soft(distance, .6));
        }
        if (x > 50 && marker.near(x, y, z, 4)) {
            out.paint(tissue(Tissue.MARKER), soft(marker.distance(x, y, z), .4));
        }
    }

    private void paintMuscle(double weight, double x, double y, double z, TissueSample out) {
        if (weight > 0) {
            out.paint(muscle, weight);
            // Fatty streaks along the fibres.
            double streak = noise.at(x, y, .4 * z, 4, 29);
            out.paint(fat, weight * .25 * line(streak - .6, .15));
        }
    }

    private void paintPubis(double x, double y, double z, TissueSample out) {
        double distance = Math.min(leftPubis.distance(x, y, z), rightPubis.distance(x, y, z));
        double bone = soft(distance, .6);
        if (bone > 0) {
            out.paint(tissue(Tissue.MARROW), bone);
        }
        out.paint(tissue(Tissue.CORTICAL_BONE), .8 * line(distance, 1));
        double symphysis = Math.max(Math.abs(x) - 2.5, Math.max(Math.abs(y + b + 27) - 9, Math.abs(z + 8) - 16));
        out.paint(muscle, .8 * soft(symphysis, .6));
    }

    /** Levator ani: a sling from the pelvic wall around gland and rectum, open in front. */
    private void paintLevator(double x, double y, double z, TissueSample out) {
        if (y < -.6 * b || z > c) {
            return;
        }
        double halfWidth = a + 7.5 + .12 * (z > 0 ? z : 0);
        double back = rectumY + rectumRadius + 9;
        double middle = .15 * b;
        double u = x / halfWidth;
        double v = y > middle ? (y - middle) / (back - middle) : 0;
        double radial = Math.sqrt(u * u + v * v);
        double offset = (radial - 1) * halfWidth;
        if (Math.abs(offset) > 8) {
            return;
        }
        double distance = Math.abs(offset + .8 * noise.at(x, y, z, 7, 31)) - 1.9;
        paintMuscle(soft(distance, .55) * soft(z - .75 * c, 1.5), x, y, z, out);
    }

    private void paintRectum(double x, double y, double z, TissueSample out) {
        double dx = (x - rectumX) / 1.12;
        double dy = y - rectumY - .10 * z;
        double square = dx * dx + dy * dy;
        double reach = rectumRadius + 8;
        if (square > reach * reach) {
            return;
        }
        double distance = Math.sqrt(square) - rectumRadius + .7 * noise.at(x, y, z, 7, 37);
        double wall = soft(distance - 1.6, .5);
        out.paint(tissue(Tissue.RECTAL_WALL), wall);
        out.paint(tissue(Tissue.MUCOSA), soft(distance + 2.2, .5));
        double inside = soft(distance + 3.8, .5);
        out.paint(tissue(rectalGas ? Tissue.GAS : Tissue.STOOL), inside);
    }

    /** A cancer of the rectal wall: as restricted as a prostate cancer, and not one. */
    private void paintRectalTumour(double x, double y, double z, TissueSample out) {
        if (rectalTumour.near(x, y, z, 5)) {
            double distance = rectalTumour.distance(x, y, z) + 1.5 * noise.at(x, y, z, 6, 73);
            out.paint(tissue(Tissue.RECTAL_CANCER), soft(distance, .8));
        }
    }

    /** Fat, scar and the anastomosis of bladder neck and urethra, where gland and vesicles were. */
    private void paintProstatectomyBed(double x, double y, double z, TissueSample out) {
        double ring = Math.sqrt(x * x + (y + 2) * (y + 2)) + .8 * noise.at(x, y, z, 5, 79);
        double height = Math.abs(z + 6) - 16;
        if (height < 4 && ring < 16) {
            out.paint(tissue(Tissue.SCAR), .9 * soft(Math.max(ring - 6.5, height), 1));
            out.paint(tissue(Tissue.MUCOSA), .8 * soft(Math.max(ring - 2.2, height), .5));
        }
        double plane = Math.max(Math.abs(x) - 20, Math.max(Math.abs(y - .5 * b) - 2, Math.abs(z) - 14));
        out.paint(tissue(Tissue.SCAR), .6 * soft(plane, 1.2) * clip(.5 + noise.at(x, y, z, 5, 83), 0, 1));
    }

    /** Urethra, vagina and uterus between bladder and rectum. */
    private void paintFemaleOrgans(double x, double y, double z, TissueSample out) {
        double wobble = .8 * noise.at(x, y, z, 8, 89);
        double urethra = Math.max(Math.sqrt(x * x + (y + 9) * (y + 9)) - 6 + wobble, Math.abs(z + 10) - 16);
        out.paint(tissue(Tissue.BLADDER_WALL), soft(urethra, .6));
        out.paint(tissue(Tissue.MUCOSA), .8 * soft(urethra + 3, .6));
        double vaginaY = .25 * b + 4;
        double flat = Math.max(Math.abs(x) - 17, Math.abs(y - vaginaY - .012 * x * x) - 4.5);
        double vagina = Math.max(flat + wobble, Math.abs(z + 4) - 24);
        out.paint(tissue(Tissue.BLADDER_WALL), .9 * soft(vagina, .7));
        out.paint(tissue(Tissue.VEINS), .7 * soft(vagina + 3.4, .5));
        double veins = soft(Math.max(vagina - 5, -vagina), 1.5) * clip(.4 + .4 * noise.at(x, y, z, 4, 41), 0, .8);
        out.paint(tissue(Tissue.VEINS), veins);
        Ellipsoid uterus = Ellipsoid.upright(0, vaginaY - 4, c + 24, 24, 17, 22);
        if (uterus.near(x, y, z, 4)) {
            double distance = uterus.distance(x, y, z) + 1.2 * noise.at(x, y, z, 9, 97);
            out.paint(tissue(Tissue.MYOMETRIUM), soft(distance, .7));
            out.paint(tissue(Tissue.SCAR), .6 * soft(distance + 9, 1));
            out.paint(tissue(Tissue.ENDOMETRIUM), soft(distance + 12, .8));
        }
    }

    /** Distance of a point to the gas in the rectum, which bends echo-planar images; infinite when there is none. */
    double gasDistance(double x, double y, double z) {
        if (!rectalGas) {
            return Double.POSITIVE_INFINITY;
        }
        double dx = x - rectumX;
        double dy = y - rectumY - .10 * z;
        return Math.max(0, Math.sqrt(dx * dx + dy * dy) - rectumRadius + 4);
    }

    private void paintSurroundings(double distance, double x, double y, double z, TissueSample out) {
        if (distance <= 0 || distance > PERIPROSTATIC_MM || z < -c - 4) {
            return;
        }
        double far = distance / PERIPROSTATIC_MM;
        double fade = 1 - far * far;
        double mottle = .42 + .35 * noise.at(x, y, z, 4, 41) + .25 * noise.at(x, y, z, 2, 43);
        double anterolateral = y < 0 ? 1.25 : 1;
        // Denonvilliers' fascia and rectoprostatic fat leave the posterior midline free of veins.
        double midline = y > 0 && Math.abs(x) < 10 ? .3 : 1;
        double muscleThere = out.t2 < 60 && out.fatFraction < .5 ? .2 : 1;
        out.paint(
                tissue(Tissue.VEINS), fade * veinWeight * midline * muscleThere * anterolateral * clip(mottle, 0, .9));
    }

    private void paintVesicles(double x, double y, double z, TissueSample out) {
        if (z < .7 * c || !(leftVesicle.near(x, y, z, 3) || rightVesicle.near(x, y, z, 3))) {
            return;
        }
        double distance = Math.min(leftVesicle.distance(x, y, z), rightVesicle.distance(x, y, z));
        double body = soft(distance, .6);
        if (body > 0) {
            out.paint(tissue(Tissue.VESICLE_WALL), body);
            double lobule = noise.at(x, y, z, 3.2, 47);
            out.paint(tissue(Tissue.VESICLE_FLUID), body * soft(.15 - lobule, .12));
            if (distance < 0) {
                out.zone = Zone.SEMINAL_VESICLE;
            }
        }
    }

    private void paintGland(double distance, double x, double y, double z, TissueSample out) {
        double inside = soft(distance, .5);
        if (inside > 0) {
            out.paint(tissue(Tissue.PERIPHERAL_ZONE), inside);
            double septa = noise.at(x, y, z, 2.5, 53);
            out.t2 *= 1 - inside * .12 * line(septa - .3, .2);
            paintWedges(inside, x, y, z, out);
        }
        if (distance < 0) {
            out.zone = Zone.PERIPHERAL;
        }
        paintTransitionZone(distance, inside, x, y, z, out);
        if (inside > 0) {
            double central = centralZone.distance(x, y, z);
            out.paint(tissue(Tissue.CENTRAL_ZONE), inside * centralZoneWeight * soft(central, .9));
            if (distance < 0 && central < 0 && out.zone == Zone.PERIPHERAL) {
                out.zone = Zone.CENTRAL;
            }
            double anterior = anteriorStroma.distance(x, y, z);
            out.paint(tissue(Tissue.ANTERIOR_STROMA), inside * .9 * soft(anterior, 1));
            if (distance < 0 && anterior < 0) {
                out.zone = Zone.ANTERIOR_STROMA;
            }
            double ux = x;
            double uy = y - transitionZone.centreY() - .25 * transitionZone.radiusV() + .12 * z;
            double urethra = Math.sqrt(ux * ux + uy * uy) - 2.2;
            out.paint(tissue(Tissue.MUCOSA), inside * .7 * soft(urethra, .5));
        }
        out.paint(muscle, .55 * line(distance + .2, .7) * (inside > 0 ? 1 : .6));
        for (int number = 0, label = 0; number < foci.size(); number++) {
            Focus focus = foci.get(number);
            label += focus.cancer() ? 1 : 0;
            paintFocus(focus, label, distance, inside, x, y, z, out);
        }
    }

    private void paintTransitionZone(
            double glandDistance, double inside, double x, double y, double z, TissueSample out) {
        double distance = transitionZone.distance(x, y, z) + .05 * transitionZone.radiusV() * noise.at(x, y, z, 7, 59);
        double weight = inside * soft(distance, .6);
        if (weight > 0) {
            out.paint(tissue(Tissue.TRANSITION_ZONE), weight);
            double mottle = noise.at(x, y, z, 3, 61);
            out.t2 *= 1 + weight * .10 * mottle;
            for (int number = 0; number < nodules.size(); number++) {
                Focus nodule = nodules.get(number);
                if (nodule.outline().near(x, y, z, 3)) {
                    double d = nodule.outline().distance(x, y, z);
                    out.paint(nodule.tissue(), weight * nodule.conspicuity() * soft(d, nodule.edgeMm()));
                    out.paint(tissue(Tissue.ANTERIOR_STROMA), weight * .55 * line(d, .6));
                }
            }
        }
        if (inside > 0 && y > transitionZone.centreY()) {
            // The surgical capsule: a dark rim between the zones, seen in the posterior half.
            out.t2 *= 1 - .45 * inside * line(distance, .9);
        }
        if (glandDistance < 0 && distance < 0) {
            out.zone = Zone.TRANSITION;
        }
    }

    private void paintWedges(double inside, double x, double y, double z, TissueSample out) {
        for (int number = 0; number < wedges.size(); number++) {
            Wedge wedge = wedges.get(number);
            double high = Math.abs(z - wedge.centreZ()) - wedge.halfHeight();
            if (high < 4) {
                double u = x / a;
                double v = y / b;
                double depth = Math.sqrt(u * u + v * v);
                double width = wedge.halfWidth() * clip((depth - .35) / .65, .1, 1);
                double angle = Math.abs(StrictMath.atan2(u, v) - wedge.azimuth()) - width;
                double distance = Math.max(angle * depth * a, high) + noise.at(x, y, z, 4, 67);
                out.paint(wedge.tissue(), inside * wedge.strength() * soft(distance, 1.2));
            }
        }
    }

    private void paintFocus(
            Focus focus,
            int label,
            double glandDistance,
            double inside,
            double x,
            double y,
            double z,
            TissueSample out) {
        Ellipsoid outline = focus.outline();
        if (!outline.near(x, y, z, 6)) {
            return;
        }
        double radius = StrictMath.cbrt(outline.radiusU() * outline.radiusV() * outline.radiusW());
        double distance = outline.distance(x, y, z) + .22 * radius * noise.at(x, y, z, 6, focus.phase());
        double infiltration = clip(focus.conspicuity() * (1 + .18 * noise.at(x, y, z, 6, 71)), 0, 1);
        out.paint(focus.tissue(), inside * infiltration * soft(distance, focus.edgeMm()));
        if (focus.cancer() && distance < 0 && glandDistance < 0) {
            out.lesion = label;
        }
    }
}
