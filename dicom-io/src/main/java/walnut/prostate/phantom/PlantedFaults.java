package walnut.prostate.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.prostate.phantom.PlannedSeries.Kind;
import walnut.prostate.phantom.PlannedSeries.PlannedVolume;
import walnut.volume.Volume;
import walnut.volume.VolumeGeometry;

/** Plants a {@link PhantomDefect} into the series of a study that is about to be written. */
final class PlantedFaults {
    private static final int MISSING_SLICE = 7;

    /** How much faster water diffuses along the three measured directions than on average. */
    private static final double[] ANISOTROPY = {-.08, 0, .08};

    private static final double[][] DIRECTIONS = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

    private PlantedFaults() {}

    static List<PlannedSeries> plant(PhantomDefect defect, PhantomStudy study, List<PlannedSeries> plan) {
        return switch (defect) {
            case NONE, PROSTATECTOMY_BED, FEMALE_PELVIS, RECTAL_CANCER -> plan;
            case NO_ADC -> without(plan, Kind.ADC);
            case NO_HIGH_B -> without(plan, Kind.TRACES, Kind.COMPUTED_HIGH_B);
            case NO_DWI -> without(plan, Kind.TRACES, Kind.COMPUTED_HIGH_B, Kind.ADC);
            case ADC_HALF_GLAND -> each(plan, Kind.ADC, series -> series.withEachVolume(PlantedFaults::upperHalf));
            case ONLY_B800 -> onlyOneLowTrace(plan, study);
            case EADC_FOR_ADC -> each(plan, Kind.ADC, PlantedFaults::exponential);
            case DIRECTIONAL_DWI -> directional(plan, study);
            case LARGE_FIELD_T2W_TWIN -> withTwin(plan, study, largeField(study.dialect()), "2D", "");
            case THREE_D_T2W_TWIN -> withTwin(plan, study, isotropic(study.dialect()), "3D", " 3d iso");
            case REPEATED_T2W -> repeated(plan, study);
            case T1_POST_NAMED_T2 -> each(plan, Kind.T2W, series -> afterContrast(series, study));
            case TWO_PATIENTS -> eachOfDiffusion(plan, series -> series.withHeaders(PlantedFaults::anotherPatient));
            case MISSING_SLICE ->
                each(
                        plan,
                        Kind.T2W,
                        series -> series.withEachVolume(volume -> volume.keeping(slice -> slice != MISSING_SLICE)));
            case OTHER_FRAME_OF_REFERENCE ->
                eachOfDiffusion(
                        plan,
                        series -> series.withHeaders(header -> inFrame(header, study.derivedUid("another frame"))));
        };
    }

    private static List<PlannedSeries> without(List<PlannedSeries> plan, Kind... kinds) {
        List<Kind> lost = List.of(kinds);
        return plan.stream().filter(series -> !lost.contains(series.kind())).toList();
    }

    private static List<PlannedSeries> each(List<PlannedSeries> plan, Kind kind, UnaryOperator<PlannedSeries> change) {
        return plan.stream()
                .map(series -> series.kind() == kind ? change.apply(series) : series)
                .toList();
    }

    private static List<PlannedSeries> eachOfDiffusion(List<PlannedSeries> plan, UnaryOperator<PlannedSeries> change) {
        return plan.stream()
                .map(series -> series.diffusion() ? change.apply(series) : series)
                .toList();
    }

    private static PlannedVolume upperHalf(PlannedVolume volume) {
        int middle = volume.values().geometry().slices() / 2;
        return volume.keeping(slice -> slice >= middle);
    }

    /** The trace of the highest b-value below 1000, and nothing that a high b could be computed from. */
    private static List<PlannedSeries> onlyOneLowTrace(List<PlannedSeries> plan, PhantomStudy study) {
        int only = study.dialect().dwi().bValues().stream()
                .filter(b -> b < 1000)
                .mapToInt(Integer::intValue)
                .max()
                .orElseThrow();
        List<PlannedSeries> kept = new ArrayList<>();
        for (PlannedSeries series : without(plan, Kind.COMPUTED_HIGH_B)) {
            List<PlannedVolume> volumes = series.volumes().stream()
                    .filter(volume -> series.kind() != Kind.TRACES || volume.bValue() == only)
                    .toList();
            if (!volumes.isEmpty()) {
                kept.add(series.withVolumes(volumes));
            }
        }
        return kept;
    }

    /** exp(−1000·ADC), between 0 and 1: bright where the ADC is low. */
    private static PlannedSeries exponential(PlannedSeries series) {
        String name =
                series.header().string(Tag.SeriesDescription).orElseThrow().replace("ADC", "eADC");
        UnaryOperator<DataSet> renamed = header -> {
            List<String> imageType = new ArrayList<>(header.strings(Tag.ImageType));
            imageType.replaceAll(value -> value.equals("ADC") ? "EADC" : value);
            return header.toBuilder()
                    .putString(Tag.ImageType, imageType.toArray(String[]::new))
                    .putString(Tag.SeriesDescription, name)
                    .putString(Tag.ProtocolName, name)
                    .putDecimal(Tag.RescaleSlope, .001)
                    .build();
        };
        return series.withHeaders(renamed).withEachVolume(volume -> {
            float[] values = volume.values().values().clone();
            for (int index = 0; index < values.length; index++) {
                values[index] = (float) StrictMath.exp(-1e-3 * values[index]);
            }
            Volume map = new Volume(volume.values().geometry(), values);
            return new PlannedVolume(volume.header(), map, .001, -1, volume.keeps());
        });
    }

    /** Each trace replaced by the three directions that it would have been averaged from. */
    private static List<PlannedSeries> directional(List<PlannedSeries> plan, PhantomStudy study) {
        return each(without(plan, Kind.COMPUTED_HIGH_B), Kind.TRACES, series -> {
            String name =
                    series.header().string(Tag.SeriesDescription).orElseThrow().replace("_TRACEW", "");
            PlannedSeries renamed = series.withHeaders(header -> {
                List<String> imageType = new ArrayList<>(header.strings(Tag.ImageType));
                imageType.replaceAll(value -> value.startsWith("TRACE") ? "DIFFUSION" : value);
                return header.toBuilder()
                        .putString(Tag.ImageType, imageType.toArray(String[]::new))
                        .putString(Tag.SeriesDescription, name)
                        .putString(Tag.ProtocolName, name)
                        .remove(Tag.SequenceName)
                        .build();
            });
            List<PlannedVolume> volumes = new ArrayList<>();
            for (PlannedVolume trace : renamed.volumes()) {
                for (int direction = 0; direction < DIRECTIONS.length; direction++) {
                    volumes.add(alongOne(trace, study.adc(), direction));
                }
            }
            return renamed.withVolumes(volumes);
        });
    }

    private static PlannedVolume alongOne(PlannedVolume trace, Volume adc, int direction) {
        float[] values = trace.values().values().clone();
        for (int index = 0; index < values.length; index++) {
            double exponent = -trace.bValue() * 1e-6 * adc.values()[index] * ANISOTROPY[direction];
            values[index] = (float) Math.floor(values[index] * StrictMath.exp(exponent) + .5);
        }
        DataSet header = trace.header().toBuilder()
                .putDecimal(Tag.DiffusionBValue, trace.bValue())
                .putString(Tag.DiffusionDirectionality, "DIRECTIONAL")
                .putDecimal(Tag.DiffusionGradientOrientation, DIRECTIONS[direction])
                .putInteger(Tag.AcquisitionNumber, 3L * trace.bValue() + direction)
                .build();
        return new PlannedVolume(
                header, new Volume(trace.values().geometry(), values), trace.slope(), trace.bValue(), trace.keeps());
    }

    // ---------------------------------------------------------------- T2W

    private static Dialect largeField(Dialect dialect) {
        return dialect.withT2w(192, 2).withSlices(14, 5.5);
    }

    private static Dialect isotropic(Dialect dialect) {
        return dialect.withT2w(160, 1).withSlices(60, 1.1);
    }

    private static List<PlannedSeries> withTwin(
            List<PlannedSeries> plan, PhantomStudy study, Dialect twin, String acquisitionType, String suffix) {
        Volume images = PhantomStudy.of(study.seed(), study.visit(), twin, study.recipe())
                .t2w();
        PlannedSeries first = t2w(plan);
        PlannedSeries second =
                later(first, study, first.header().string(Tag.SeriesDescription).orElseThrow() + suffix);
        PlannedSeries other = second.withHeaders(header -> header.toBuilder()
                        .putString(Tag.MRAcquisitionType, acquisitionType)
                        .build())
                .withEachVolume(
                        volume -> new PlannedVolume(volume.header(), images, volume.slope(), -1, slice -> true));
        return Stream.concat(plan.stream(), Stream.of(other)).toList();
    }

    /** The first of the two is the one during which he moved: that is why there is a second. */
    private static List<PlannedSeries> repeated(List<PlannedSeries> plan, PhantomStudy study) {
        PlannedSeries good = t2w(plan);
        PlannedSeries again =
                later(good, study, good.header().string(Tag.SeriesDescription).orElseThrow());
        List<PlannedSeries> both = each(plan, Kind.T2W, series -> series.withEachVolume(PlantedFaults::moved));
        return Stream.concat(both.stream(), Stream.of(again)).toList();
    }

    private static PlannedVolume moved(PlannedVolume volume) {
        VolumeGeometry grid = volume.values().geometry();
        float[] still = volume.values().values();
        float[] values = still.clone();
        int away = 9 * grid.columns();
        for (int index = away; index < values.length - away; index++) {
            values[index] = (float) Math.floor(.6 * still[index] + .2 * (still[index - away] + still[index + away]));
        }
        return new PlannedVolume(volume.header(), new Volume(grid, values), volume.slope(), -1, volume.keeps());
    }

    /** The same series acquired ten minutes later, as a series of its own. */
    private static PlannedSeries later(PlannedSeries first, PhantomStudy study, String description) {
        int number = first.number() + 20;
        String time = first.header().string(Tag.SeriesTime).orElseThrow();
        int minutes = Integer.parseInt(time.substring(0, 2)) * 60 + Integer.parseInt(time.substring(2, 4)) + 25;
        String moved = String.format("%02d%02d%s", minutes / 60, minutes % 60, time.substring(4));
        PlannedSeries renamed = first.withHeaders(header -> header.toBuilder()
                .putString(Tag.SeriesInstanceUID, study.derivedUid("series", number))
                .putInteger(Tag.SeriesNumber, number)
                .putString(Tag.SeriesTime, moved)
                .putString(Tag.AcquisitionTime, moved)
                .putString(Tag.ContentTime, moved)
                .putString(Tag.SeriesDescription, description)
                .putString(Tag.ProtocolName, description)
                .build());
        return new PlannedSeries(renamed.kind(), number, renamed.header(), renamed.volumes(), renamed.interleaved());
    }

    /** A fast gradient echo after contrast under the T2W's name: the name lies, echo and sequence do not. */
    private static PlannedSeries afterContrast(PlannedSeries series, PhantomStudy study) {
        Dialect shortEcho = study.dialect().withT2wEcho(4, 5);
        Volume images = PhantomStudy.of(study.seed(), study.visit(), shortEcho, study.recipe())
                .t2w();
        return series.withHeaders(header -> header.toBuilder()
                        .putString(Tag.ScanningSequence, "GR")
                        .putString(Tag.SequenceName, "*fl3d1")
                        .putString(Tag.MRAcquisitionType, "3D")
                        .putDecimal(Tag.EchoTime, 1.8)
                        .putDecimal(Tag.RepetitionTime, 4.6)
                        .putDecimal(Tag.FlipAngle, 12)
                        .putInteger(Tag.EchoTrainLength, 1)
                        .putString(Tag.ContrastBolusAgent, "gadolinium")
                        .build())
                .withEachVolume(
                        volume -> new PlannedVolume(volume.header(), images, volume.slope(), -1, volume.keeps()));
    }

    private static PlannedSeries t2w(List<PlannedSeries> plan) {
        return plan.stream()
                .filter(series -> series.kind() == Kind.T2W)
                .findFirst()
                .orElseThrow();
    }

    // ---------------------------------------------------------------- identity

    private static DataSet anotherPatient(DataSet header) {
        String id = header.string(Tag.PatientID).orElseThrow();
        return header.toBuilder()
                .putString(Tag.PatientID, id + "-OTHER")
                .putString(Tag.PatientName, "PHANTOM^OTHER")
                .build();
    }

    private static DataSet inFrame(DataSet header, String frameOfReference) {
        return header.toBuilder()
                .putString(Tag.FrameOfReferenceUID, frameOfReference)
                .build();
    }
}
