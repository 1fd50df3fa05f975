package walnut.server.api;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** DICOM dates (VR DA, YYYYMMDD) as received. */
public final class DicomDate {
    private DicomDate() {}

    /** Empty for what is no day. */
    public static Optional<LocalDate> day(@Nullable String date) {
        if (date == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(date, DateTimeFormatter.BASIC_ISO_DATE));
        } catch (DateTimeException notADate) {
            return Optional.empty();
        }
    }
}
