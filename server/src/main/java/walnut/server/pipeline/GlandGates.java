package walnut.server.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import walnut.models.findings.CaseFindings;
import walnut.models.findings.Gland;
import walnut.models.passport.Passport;
import walnut.prostate.eligibility.Gate;
import walnut.prostate.eligibility.Verdict;
import walnut.prostate.series.Channel;
import walnut.volume.Lps;
import walnut.volume.Mask;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;
import walnut.volume.VoxelIndex;

/**
 * The gates that need the gland which a model outlines: whether there is one at all, and whether the diffusion images show
 * it. A bed after prostatectomy and a woman's pelvis may pass every header.
 */
final class GlandGates {
    /** So much of the gland must have a measured ADC and high-b signal; scanners mask some of its edge away. */
    private static final double LEAST_SHARE = 0.75;

    private GlandGates() {}

    /** None where the model outlines no gland, by its passport. */
    static List<Gate> of(Passport passport, CaseFindings findings, Map<String, Volume> byChannel) {
        Passport.Gland rule = passport.gland();
        if (rule == null) {
            return List.of(new Gate("GLAND_FOUND", Verdict.UNKNOWN, passport.id() + " outlines no gland"));
        }
        Optional<Gland> gland = findings.gland();
        if (gland.isEmpty()) {
            return List.of(new Gate(
                    "GLAND_FOUND",
                    Verdict.FAIL,
                    String.format(
                            Locale.ROOT,
                            "%s outlines no gland of at least %.0f mL",
                            passport.id(),
                            rule.minimumVolumeMl())));
        }
        List<Gate> gates = new ArrayList<>();
        gates.add(new Gate(
                "GLAND_FOUND",
                Verdict.PASS,
                String.format(
                        Locale.ROOT,
                        "a gland of %.1f mL, middle at (%.1f, %.1f, %.1f)",
                        gland.get().volumeMl(),
                        gland.get().centroidLps().x(),
                        gland.get().centroidLps().y(),
                        gland.get().centroidLps().z())));
        gates.add(covered(gland.get(), byChannel));
        return gates;
    }

    private static Gate covered(Gland gland, Map<String, Volume> byChannel) {
        StringBuilder read = new StringBuilder();
        for (String channel : List.of(Channel.ADC.name(), Channel.HBV.name())) {
            Volume volume = byChannel.get(channel);
            if (volume == null) {
                continue;
            }
            double share = shareWithSignal(gland.mask(), volume);
            if (!(share >= LEAST_SHARE)) {
                return new Gate(
                        "GLAND_COVERED",
                        Verdict.FAIL,
                        String.format(
                                Locale.ROOT,
                                "%s has values in %.0f %% of the gland; %.0f %% is the least",
                                channel,
                                100 * share,
                                100 * LEAST_SHARE));
            }
            read.append(String.format(
                    Locale.ROOT, "%s%s has values in %.0f %%", read.isEmpty() ? "" : ", ", channel, 100 * share));
        }
        return new Gate("GLAND_COVERED", read.isEmpty() ? Verdict.UNKNOWN : Verdict.PASS, read + " of the gland");
    }

    private static double shareWithSignal(Mask gland, Volume volume) {
        VolumeGeometry grid = gland.geometry();
        byte[] labels = gland.labels();
        int voxels = 0;
        int covered = 0;
        for (int offset = 0; offset < labels.length; offset++) {
            if (labels[offset] != 0) {
                int i = offset % grid.columns();
                int j = offset / grid.columns() % grid.rows();
                int k = offset / grid.columns() / grid.rows();
                voxels++;
                covered += hasSignal(volume, grid.toPatient(i, j, k)) ? 1 : 0;
            }
        }
        return voxels == 0 ? 0 : (double) covered / voxels;
    }

    private static boolean hasSignal(Volume volume, Lps point) {
        VolumeGeometry geometry = volume.geometry();
        VoxelIndex index = geometry.toIndex(point);
        int i = (int) Math.rint(index.i());
        int j = (int) Math.rint(index.j());
        int k = (int) Math.rint(index.k());
        return i >= 0
                && j >= 0
                && k >= 0
                && i < geometry.columns()
                && j < geometry.rows()
                && k < geometry.slices()
                && volume.at(i, j, k) > 0;
    }
}
