package walnut.prostate.series;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;

/**
 * What holds for one frame of an instance: per-frame functional groups go before shared ones, and those before the
 * attributes at top level, where classic instances keep everything (PS3.3 C.7.6.16).
 */
final class FunctionalGroups {
    private final DataSet instance;
    private final DataSet shared;
    private final DataSet perFrame;

    private FunctionalGroups(DataSet instance, DataSet shared, DataSet perFrame) {
        this.instance = instance;
        this.shared = shared;
        this.perFrame = perFrame;
    }

    static FunctionalGroups ofFrame(DataSet instance, int frameNumber) {
        List<DataSet> perFrame = instance.items(Tag.PerFrameFunctionalGroupsSequence);
        return new FunctionalGroups(
                instance,
                instance.item(Tag.SharedFunctionalGroupsSequence).orElse(DataSet.EMPTY),
                frameNumber <= perFrame.size() ? perFrame.get(frameNumber - 1) : DataSet.EMPTY);
    }

    /** The functional group in force, or the instance itself where there is none. */
    DataSet group(int macroSequence) {
        return groupOnly(macroSequence).orElse(instance);
    }

    /** The functional group in force. */
    Optional<DataSet> groupOnly(int macroSequence) {
        return perFrame.item(macroSequence).or(() -> shared.item(macroSequence));
    }

    String text(int macroSequence, int tag) {
        return group(macroSequence).string(tag).or(() -> instance.string(tag)).orElse("");
    }

    List<String> texts(int macroSequence, int tag) {
        List<String> values = group(macroSequence).strings(tag);
        return values.isEmpty() ? instance.strings(tag) : values;
    }

    OptionalDouble decimal(int macroSequence, int tag) {
        OptionalDouble value = group(macroSequence).decimal(tag);
        return value.isPresent() ? value : instance.decimal(tag);
    }

    DataSet instance() {
        return instance;
    }

    /** Per frame, shared, instance: where a private element of a frame may stand. */
    List<DataSet> places() {
        return List.of(perFrame, shared, instance);
    }
}
