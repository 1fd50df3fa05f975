package walnut.server.pipeline;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import walnut.dicom.data.NonPatientObject;
import walnut.server.api.NonPatientObjects;
import walnut.server.database.DatabaseInstanceIndex;
import walnut.store.StoredInstance;

/** The objects that no study, and so no case, will ever show. */
public final class NonPatientDesk implements NonPatientObjects {
    private final DatabaseInstanceIndex index;

    public NonPatientDesk(DatabaseInstanceIndex index) {
        this.index = index;
    }

    @Override
    public Listing newest(int limit) {
        return new Listing(
                index.countOfNoStudy(),
                index.newestOfNoStudy(limit).stream().map(NonPatientDesk::item).toList());
    }

    private static Item item(StoredInstance one) {
        return new Item(
                one.sopInstanceUid(),
                one.sopClassUid(),
                NonPatientObject.name(one.sopClassUid()),
                one.callingAeTitle(),
                Instant.EPOCH.plus(one.receivedAt(), ChronoUnit.MICROS),
                one.size(),
                one.file());
    }
}
