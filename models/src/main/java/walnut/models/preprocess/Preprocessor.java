package walnut.models.preprocess;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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
 * Executes the grid and the normalisation of a passport on the volumes of one case.
 *
 * <p>Tensors: float32 in NCDHW order, D = slice, H = row, W = column of the grid; channels in the order of the input.
 * <p>Only the voxels that the model wants are resampled. Arithmetic is IEEE double, each tensor value is rounded to float
 * once, so the same volumes give the same bits on every machine.
 */
public final class Preprocessor {
    private final Passport passport;
    private final Map<String, Volume> byChannel;
    private final VolumeGeometry t2w;

    /** By channel, of a passport that takes its statistics from a grid of their own; filled when first needed. */
    private final Map<String, List<Normalisation.Fixed>> normalisation = new ConcurrentHashMap<>();

    private Preprocessor(Passport passport, Map<String, Volume> byChannel) {
        this.passport = passport;
        this.byChannel = byChannel;
        this.t2w = volume(byChannel, "T2W").geometry();
    }

    /**
     * @param byChannel a volume in modality units for each of the passport's channels
     * @throws WalnutException INVALID_ARGUMENT when a channel is missing
     */
    public static Preprocessor of(Passport passport, Map<String, Volume> byChannel) {
        for (Channel channel : passport.channels()) {
            if (!byChannel.containsKey(channel.name())) {
                throw new WalnutException(
                        FailureCode.INVALID_ARGUMENT,
                        passport.id() + " needs channel " + channel.name() + ", got "
                                + byChannel.keySet().stream().sorted().toList());
            }
        }
        return new Preprocessor(passport, byChannel);
    }

    /**
     * The tensors of a model that looks at the whole case.
     *
     * @throws WalnutException INVALID_ARGUMENT when a channel is missing, VOLUME_CONSTANT when a channel cannot be
     *     standardised, VOLUME_NOT_FINITE when it holds something else than numbers
     */
    public static ModelInput prepare(Passport passport, Map<String, Volume> byChannel) {
        Preprocessor preprocessor = of(passport, byChannel);
        return preprocessor.prepare(preprocessor.t2w.centre());
    }

    /**
     * The tensors of a model that looks at the surroundings of one point.
     *
     * @param point LPS, mm
     * @throws WalnutException as {@link #prepare(Passport, Map)}
     */
    public ModelInput around(Lps point) {
        if (passport.grid().centre() != Passport.Grid.Centre.POINT) {
            throw new IllegalStateException(passport.id() + " looks at the whole case, not round points");
        }
        return prepare(point);
    }

    private ModelInput prepare(Lps middle) {
        VolumeGeometry grid = grid(passport.grid(), t2w, middle);
        Map<String, float[]> normalised = new HashMap<>();
        // Side by side; waited for in their order, so that of several refusals it is always the same one that counts.
        List<Supplier<float[]>> sideBySide = passport.channels().parallelStream()
                .map(channel -> attempt(() -> normalise(channel, grid)))
                .toList();
        for (int n = 0; n < sideBySide.size(); n++) {
            normalised.put(passport.channels().get(n).name(), sideBySide.get(n).get());
        }
        List<Tensor> tensors = new ArrayList<>();
        for (Passport.Input input : passport.inputs()) {
            Tensor tensor = Tensor.allocate(
                    input.name(),
                    input.shape().stream().mapToLong(Long::longValue).toArray());
            FloatBuffer values = tensor.values();
            for (String channel : input.channels()) {
                values.put(volume(normalised, channel));
            }
            tensors.add(tensor);
        }
        return new ModelInput(tensors, grid, t2w);
    }

    /** The passport's grid laid into this T2W volume, middle on the middle of the volume. */
    public static VolumeGeometry grid(Passport.Grid grid, VolumeGeometry t2w) {
        return grid(grid, t2w, t2w.centre());
    }

    /**
     * The passport's grid with its middle at a point, along the axes of this T2W volume.
     *
     * <p>Each axis is taken in the sense that lies nearest to the patient's: columns towards the left, rows towards
     * posterior, slices towards the head. So the tensor is the same however the images were written: a reversed or
     * negated axis, or another position in the scanner, is not another anatomy to the model.
     */
    public static VolumeGeometry grid(Passport.Grid grid, VolumeGeometry t2w, Lps middle) {
        Passport.Size size = grid.size();
        Passport.Millimetres spacing = grid.spacingMm();
        List<Lps> axes = axesNearestToPatient(t2w);
        Lps i = axes.get(0);
        Lps j = axes.get(1);
        Lps k = axes.get(2);
        Lps origin = middle.minus(i.times(spacing.columns() * (size.columns() - 1) / 2.0))
                .minus(j.times(spacing.rows() * (size.rows() - 1) / 2.0))
                .minus(k.times(spacing.slices() * (size.slices() - 1) / 2.0));
        return new VolumeGeometry(
                size.columns(),
                size.rows(),
                size.slices(),
                spacing.columns(),
                spacing.rows(),
                spacing.slices(),
                origin,
                i,
                j,
                k);
    }

    /**
     * The volume's three axes, exchanged and reversed to lie nearest to +x, +y and +z of the patient, right-handed. Of
     * equally near ones the first is taken, so that an axial volume keeps its order.
     */
    private static List<Lps> axesNearestToPatient(VolumeGeometry volume) {
        List<Lps> own = List.of(volume.directionI(), volume.directionJ(), volume.directionK());
        List<Lps> nearest = own;
        double best = Double.NEGATIVE_INFINITY;
        for (int first = 0; first < 3; first++) {
            for (int second = 0; second < 3; second++) {
                for (int signs = 0; first != second && signs < 4; signs++) {
                    Lps i = signs % 2 == 0 ? own.get(first) : own.get(first).times(-1);
                    Lps j = signs < 2 ? own.get(second) : own.get(second).times(-1);
                    Lps third = own.get(3 - first - second);
                    Lps k = i.cross(j).dot(third) > 0 ? third : third.times(-1);
                    double nearness = i.x() + j.y() + k.z();
                    if (nearness > best) {
                        best = nearness;
                        nearest = List.of(i, j, k);
                    }
                }
            }
        }
        return nearest;
    }

    /** What came of the work, which is done now; a refusal is thrown when somebody asks for the result. */
    private static <T> Supplier<T> attempt(Supplier<T> work) {
        try {
            T result = work.get();
            return () -> result;
        } catch (WalnutException refusal) {
            return () -> {
                throw refusal;
            };
        }
    }

    private float[] normalise(Channel channel, VolumeGeometry grid) {
        float[] values = onGrid(channel, grid);
        List<Normalisation.Fixed> steps = passport.normalisationGrid() == null
                ? Normalisation.settle(channel.name(), grid, values, channel.normalisation())
                : ofOwnGrid(channel, passport.normalisationGrid());
        Normalisation.apply(steps, values);
        return values;
    }

    private List<Normalisation.Fixed> ofOwnGrid(Channel channel, Passport.Grid statistics) {
        return normalisation.computeIfAbsent(channel.name(), name -> {
            VolumeGeometry grid = grid(statistics, t2w);
            return Normalisation.settle(name, grid, onGrid(channel, grid), channel.normalisation());
        });
    }

    private float[] onGrid(Channel channel, VolumeGeometry grid) {
        float[] values = Resample.onto(grid, volume(byChannel, channel.name()), channel.outside())
                .values();
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new WalnutException(
                        FailureCode.VOLUME_NOT_FINITE,
                        "the " + channel.name() + " volume holds a value that is not a finite number");
            }
        }
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
