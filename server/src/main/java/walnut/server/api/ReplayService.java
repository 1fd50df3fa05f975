package walnut.server.api;

import java.util.Optional;

/** Runs a stored prediction again. Blocks for as long as the model runs. */
public interface ReplayService {

    /**
     * Empty for an unknown prediction. When retention has removed its images it is
     * {@link walnut.failure.FailureCode#INPUT_GONE}.
     */
    Optional<ReplayReport> replay(String predictionId);
}
