package walnut.server.frames;

import java.util.Optional;

/** Reads the volumes behind a case's pictures. Methods may block. */
public interface PaneSource {

    /** The {@link CasePanes#revision} that {@link #panes} would give now, cheaply: it is asked for at every picture. */
    Optional<String> revision(String caseId);

    /**
     * The volumes; empty for an unknown case or one without any. Retention may have removed the images: then it is
     * {@link walnut.failure.FailureCode#INPUT_GONE}.
     */
    Optional<CasePanes> panes(String caseId);
}
