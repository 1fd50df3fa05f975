package walnut.prostate.phantom;

import java.util.ArrayList;
import java.util.List;
import walnut.dicom.object.DerivedUid;
import walnut.volume.Lps;
import walnut.volume.Mask;
import walnut.volume.Volume;

/**
 * One synthetic study: its images in modality units, and the truth about it.
 *
 * <p>T2W in the scanner's arbitrary units, traces and high b likewise, ADC in 1e-6 mm²/s; all whole numbers, as stored
 * in DICOM. The masks lie on the T2W grid, column-fastest: {@code zones} holds {@link Zone#label()},
 * {@code lesionMask} the label of the cancer or 0.
 *
 * @param visit 0 for the first scan, 1 for a rescan of the same patient
 */
public record PhantomStudy(
        long seed,
        int visit,
        Dialect dialect,
        PhantomRecipe recipe,
        PhantomPose pose,
        String patientId,
        String studyInstanceUid,
        Volume t2w,
        List<Volume> traces,
        Volume adc,
        Volume highB,
        Mask zones,
        Mask lesionMask,
        Lps glandCentre,
        Lps markerCentre,
        List<PhantomLesion> lesions,
        List<PhantomMimic> mimics) {

    /** Changes whenever the same seed gives other images: part of every UID, so that old and new never collide. */
    static final String GENERATOR_VERSION = "2";

    /** The phantom of a seed as shipped: scanned where such a patient is sent to, see {@link Dialect#home}. */
    public static PhantomStudy of(long seed) {
        return of(seed, 0, Dialect.home(seed), PhantomRecipe.STANDARD);
    }

    /** A visit of the patient of a seed: the same anatomy, newly filled, positioned and acquired. */
    public static PhantomStudy of(long seed, int visit, Dialect dialect, PhantomRecipe recipe) {
        PhantomAnatomy anatomy = new PhantomAnatomy(recipe, seed, visit);
        PhantomScan.Images images = new PhantomScan(dialect, recipe, anatomy, seed, visit).acquire();
        List<PhantomMimic> mimics = anatomy.lookAlikes().stream()
                .map(mimic -> new PhantomMimic(
                        mimic.kind().name(), images.glandCentre().plus(mimic.centre())))
                .toList();
        Ellipsoid marker = anatomy.marker();
        return new PhantomStudy(
                seed,
                visit,
                dialect,
                recipe,
                PhantomPose.of(seed, visit),
                "PHANTOM-" + seed,
                uid("study", seed, visit, dialect.manufacturer(), recipe.pelvis()),
                images.t2w(),
                images.traces(),
                images.adc(),
                images.highB(),
                images.zones(),
                images.lesions(),
                images.glandCentre(),
                images.glandCentre().plus(new Lps(marker.centreX(), marker.centreY(), marker.centreZ())),
                lesions(anatomy, images),
                mimics);
    }

    /** A UID of something in this study. */
    String derivedUid(Object... parts) {
        Object[] all = new Object[parts.length + 1];
        all[0] = studyInstanceUid;
        System.arraycopy(parts, 0, all, 1, parts.length);
        return uid(all);
    }

    static String uid(Object... parts) {
        StringBuilder text = new StringBuilder("walnut-phantom/" + GENERATOR_VERSION);
        for (Object part : parts) {
            text.append('/').append(part);
        }
        return DerivedUid.ofText(text.toString());
    }

    private static List<PhantomLesion> lesions(PhantomAnatomy anatomy, PhantomScan.Images images) {
        List<PhantomLesion> lesions = new ArrayList<>();
        for (Focus focus : anatomy.cancers()) {
            int label = lesions.size() + 1;
            Ellipsoid outline = focus.outline();
            Lps drawn = images.glandCentre().plus(new Lps(outline.centreX(), outline.centreY(), outline.centreZ()));
            // A lesion may fall between the slices of a coarse grid or under a second one; it keeps its drawn place.
            Lps centroid = images.lesions().centroid(label).orElse(drawn);
            lesions.add(new PhantomLesion(
                    label,
                    focus.isup(),
                    focus.zone(),
                    images.lesions().volumeMm3(label) / 1000,
                    centroid,
                    centroid.x() > images.glandCentre().x() ? PhantomLesion.Side.LEFT : PhantomLesion.Side.RIGHT,
                    focus.conspicuity()));
        }
        return List.copyOf(lesions);
    }

    /** Whether there is clinically significant cancer: some lesion of ISUP 2 or more. */
    public boolean clinicallySignificant() {
        return lesions.stream().anyMatch(lesion -> lesion.isup() >= 2);
    }

    /** The gland without the seminal vesicles: label 1 on the T2W grid. */
    public Mask gland() {
        byte[] labels = zones.labels().clone();
        for (int index = 0; index < labels.length; index++) {
            labels[index] = (byte) (labels[index] > 0 && labels[index] < Zone.SEMINAL_VESICLE.label() ? 1 : 0);
        }
        return new Mask(zones.geometry(), labels);
    }

    /** Volume of the gland without the seminal vesicles, mL. */
    public double glandMl() {
        return gland().volumeMm3(1) / 1000;
    }
}
