package walnut.prostate.phantom;

import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;

/** The device that "acquired" every Walnut phantom: how a phantom is told from a patient, whatever else it looks like. */
public final class PhantomDevice {
    /** DeviceUID (0018,1002) of all phantom instances. */
    public static final String UID = "2.25.78573462014936018923562418760214534177";

    private PhantomDevice() {}

    public static boolean made(DataSet instance) {
        return instance.strings(Tag.DeviceUID).contains(UID);
    }
}
