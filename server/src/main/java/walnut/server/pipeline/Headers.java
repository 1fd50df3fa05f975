package walnut.server.pipeline;

import java.io.IOException;
import java.util.Optional;
import walnut.dicom.data.DataSet;
import walnut.dicom.data.Tag;
import walnut.dicom.part10.Part10Reader;
import walnut.dicom.part10.ReadOptions;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.prostate.series.Frame;
import walnut.prostate.series.Study;

/** Headers of images, read without their pixels. */
final class Headers {
    private Headers() {}

    static DataSet of(Frame frame) {
        try {
            return Part10Reader.read(frame.pixels().file(), ReadOptions.header())
                    .dataSet();
        } catch (IOException e) {
            throw new WalnutException(FailureCode.STORAGE_FAILED, "cannot read the header of a stored image", e);
        }
    }

    /** StudyDate (0008,0020) as received. */
    static Optional<String> studyDate(Study study) {
        return study.series().stream()
                .flatMap(series -> series.frames().stream())
                .findFirst()
                .flatMap(frame -> of(frame).string(Tag.StudyDate));
    }
}
