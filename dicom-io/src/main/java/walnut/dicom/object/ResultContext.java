package walnut.dicom.object;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;

/**
 * What all result objects of one prediction share: whose study it is, who made the result, and when.
 *
 * <p>Patient and study attributes are those of the source image, as they stand there, with its character set. Nothing
 * private is copied.
 *
 * @param source header of an image of the study
 * @param resultId names the prediction; UIDs are derived from it
 * @param createdAt when the prediction was made
 * @param zone in which dates and times are written
 */
public record ResultContext(DataSet source, String resultId, Instant createdAt, ZoneId zone, Device device) {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss.SSSSSS", Locale.ROOT);
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xx", Locale.ROOT);

    /** PS3.3 C.7.1.1 and C.7.2.1, as far as a receiving archive files and shows by them. */
    private static final int[] PATIENT_AND_STUDY = {
        Tag.SpecificCharacterSet,
        Tag.StudyDate,
        Tag.StudyTime,
        Tag.AccessionNumber,
        Tag.IssuerOfAccessionNumberSequence,
        Tag.ReferringPhysicianName,
        Tag.StudyDescription,
        Tag.PatientName,
        Tag.PatientID,
        Tag.IssuerOfPatientID,
        Tag.PatientBirthDate,
        Tag.PatientSex,
        Tag.PatientAge,
        Tag.PatientIdentityRemoved,
        Tag.DeidentificationMethod,
        Tag.StudyInstanceUID,
        Tag.StudyID,
    };

    /** Type 2: present although unknown. */
    private static final int[] TYPE_2 = {
        Tag.StudyDate,
        Tag.StudyTime,
        Tag.AccessionNumber,
        Tag.ReferringPhysicianName,
        Tag.PatientName,
        Tag.PatientID,
        Tag.PatientBirthDate,
        Tag.PatientSex,
        Tag.StudyID,
    };

    /**
     * Who made the result (PS3.3 C.7.5.2).
     *
     * @param uid DeviceUID, by which we know our own objects again
     * @param softwareVersions of the platform, then of the model
     */
    public record Device(
            String manufacturer, String modelName, String serialNumber, String uid, List<String> softwareVersions) {
        public Device {
            softwareVersions = List.copyOf(softwareVersions);
        }
    }

    /** A UID for a part of this result, the same whenever it is asked for. */
    String uid(Object... part) {
        Object[] all = new Object[part.length + 2];
        all[0] = "walnut-result";
        all[1] = resultId;
        System.arraycopy(part, 0, all, 2, part.length);
        return DerivedUid.of(all);
    }

    /** Patient, study, equipment, dates: everything of an object but its series, its class and its content. */
    DataSet.Builder header() {
        DataSet.Builder header = DataSet.builder();
        for (int tag : TYPE_2) {
            header.putEmpty(tag);
        }
        ZonedDateTime created = createdAt.atZone(zone);
        String date = DATE.format(created);
        String time = TIME.format(created);
        return header.copy(source, PATIENT_AND_STUDY)
                .putString(Tag.InstanceCreationDate, date)
                .putString(Tag.InstanceCreationTime, time)
                .putString(Tag.SeriesDate, date)
                .putString(Tag.SeriesTime, time)
                .putString(Tag.ContentDate, date)
                .putString(Tag.ContentTime, time)
                .putString(Tag.TimezoneOffsetFromUTC, OFFSET.format(created))
                .putString(Tag.Manufacturer, device.manufacturer())
                .putString(Tag.ManufacturerModelName, device.modelName())
                .putString(Tag.DeviceSerialNumber, device.serialNumber())
                .putString(Tag.DeviceUID, device.uid())
                .putString(Tag.SoftwareVersions, device.softwareVersions().toArray(String[]::new));
    }
}
