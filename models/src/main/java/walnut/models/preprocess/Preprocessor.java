package walnut.models.preprocess;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.passport.Passport;
import walnut.models.passport.Passport.Channel;
import walnut.models.tensor.Tensor;
import walnut.volume.Lps;
import walnut.volume.Resample;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

/**
 * Executes the grid and the normalisation of a passport.
 *
 * <p>Tensors: float32 in NCDHW order, D = slice, H = row, W = column of the grid; channels in the order of the input.
 * <p>Only the voxels that the model wants are resampled. Arithmetic is IEEE double, each tensor value is rounded to float
 * once, so the same volumes give the same bits on every machine.
 */
public final class Preprocessor {
    private Preprocessor() {}

    /**
     * @param byChannel a volume in modality units for each of the passport's channels
     * @throws WalnutException INVALID_ARGUMENT when a channel is missing, VOLUME_CONSTANT when a channel cannot be
     *     standardised
     */
    public static ModelInput prepare(Passport passport, Map<String, Volume> byChannel) {
        for (Channel channel : passport.channels()) {
            if (!byChannel.containsKey(channel.name())) {
                throw new WalnutException(
                        FailureCode.INVALID_ARGUMENT,
                        passport.id() + " needs channel " + channel.name() + ", got "
                                + byChannel.keySet().stream().sorted().toList());
            }
        }
        VolumeGeometry t2w = volume(byChannel, "T2W").geometry();
        VolumeGeometry grid = grid(passport.grid(), t2w);
        Map<String, double[]> normalised = new HashMap<>();
        for (Channel channel : passport.channels()) {
            normalised.put(channel.name(), normalise(channel, volume(byChannel, channel.name()), grid));
        }
        List<Tensor> tensors = new ArrayList<>();
        for (Passport.Input input : passport.inputs()) {
            Tensor tensor = Tensor.allocate(
                    input.name(),
                    input.shape().stream().mapToLong(Long::longValue).toArray());
            FloatBuffer values = tensor.values();
            for (String channel : input.channels()) {
                for (double value : volume(normalised, channel)) {
                    values.put((float) value);
                }
            }
            tensors.add(tensor);
        }
        return new ModelInput(tensors, grid, t2w);
    }

    /** The passport's grid laid into this T2W volume: its axes, middle on middle. */
    public static VolumeGeometry grid(Passport.Grid grid, VolumeGeometry t2w) {
        Lps middle = t2w.centre();
        Passport.Size size = grid.size();
        Passport.Millimetres spacing = grid.spacingMm();
        Lps origin = middle.minus(t2w.directionI().times(spacing.columns() * (size.columns() - 1) / 2.0))
                .minus(t2w.directionJ().times(spacing.rows() * (size.rows() - 1) / 2.0))
                .minus(t2w.directionK().times(spacing.slices() * (size.slices() - 1) / 2.0));
        return new VolumeGeometry(
                size.columns(),
                size.rows(),
                size.slices(),
                spacing.columns(),
                spacing.rows(),
                spacing.slices(),
                origin,
                t2w.directionI(),
                t2w.directionJ(),
                t2w.directionK());
    }

    private static double[] normalise(Channel channel, Volume volume, VolumeGeometry grid) {
        Volume onGrid = Resample.onto(grid, volume, channel.outside());
        double[] values = new double[onGrid.values().length];
        for (int n = 0; n < values.length; n++) {
            values[n] = onGrid.values()[n];
            if (!Double.isFinite(values[n])) {
                throw new WalnutException(
                        FailureCode.VOLUME_NOT_FINITE,
                        "the " + channel.name() + " volume holds a value that is not a finite number");
            }
        }
        new Normalisation(channel.name(), grid, values).apply(channel.normalisation());
        return values;
    }

    private static <T> T volume(Map<String, T> byChannel, String channel) {
        T found = byChannel.get(channel);
        if (found == null) {
            throw new IllegalStateException("no channel " + channel);
        }
        return found;
    }
}
