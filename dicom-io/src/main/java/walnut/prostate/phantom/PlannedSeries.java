package walnut.prostate.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import walnut.dicom.data.DataSet;
import walnut.volume.Volume;

/**
 * A series about to be written.
 *
 * @param kind what it is, whatever its header will say
 * @param number SeriesNumber
 * @param header everything that its instances share
 * @param volumes its volumes, in the order of their instances
 * @param interleaved whether the volumes of one slice follow each other
 */
record PlannedSeries(Kind kind, int number, DataSet header, List<PlannedVolume> volumes, boolean interleaved) {
    enum Kind {
        T2W,
        TRACES,
        ADC,
        COMPUTED_HIGH_B
    }

    /**
     * One stack of slices.
     *
     * @param header the series' header with what belongs to this volume only
     * @param values in modality units
     * @param slope modality units of a stored 1
     * @param bValue s/mm², -1 where there is none
     * @param keeps which slices are sent
     */
    record PlannedVolume(DataSet header, Volume values, double slope, int bValue, IntPredicate keeps) {
        PlannedVolume withHeader(DataSet other) {
            return new PlannedVolume(other, values, slope, bValue, keeps);
        }

        PlannedVolume keeping(IntPredicate slices) {
            return new PlannedVolume(header, values, slope, bValue, slices);
        }
    }

    PlannedSeries {
        volumes = List.copyOf(volumes);
    }

    boolean diffusion() {
        return kind != Kind.T2W;
    }

    PlannedSeries withVolumes(List<PlannedVolume> others) {
        return new PlannedSeries(kind, number, header, others, interleaved);
    }

    PlannedSeries withEachVolume(UnaryOperator<PlannedVolume> change) {
        return withVolumes(volumes.stream().map(change).toList());
    }

    /** The same series with every header changed. */
    PlannedSeries withHeaders(UnaryOperator<DataSet> change) {
        List<PlannedVolume> changed = new ArrayList<>();
        for (PlannedVolume volume : volumes) {
            changed.add(volume.withHeader(change.apply(volume.header())));
        }
        return new PlannedSeries(kind, number, change.apply(header), changed, interleaved);
    }
}
