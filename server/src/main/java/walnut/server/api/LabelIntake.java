package walnut.server.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes labels in and lists them. Methods may block. */
public interface LabelIntake {

    /**
     * Stores the labels that can be taken, in one transaction. The form of each (grades in range, a study or a patient
     * named) has been checked; what needs the clock or other records (a date in the future, a sample after treatment, a
     * contradiction) is checked here and comes back as a {@link LabelReceipt.Rejection}.
     */
    LabelReceipt receive(List<LabelSubmission> labels);

    /**
     * @param caseId only labels of this case, or of every case
     * @param before the last label id of the page before
     */
    LabelPage labels(@Nullable String caseId, @Nullable String before, int limit);
}
