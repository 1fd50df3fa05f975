package walnut.server.api;

/** Sets how far a model's word goes. Methods may block. */
public interface DeploymentControl {

    /**
     * Takes effect before it returns, is kept with who and why, and survives a restart.
     *
     * @param modelId a deployed model, or {@code *} for the whole node, which can be STOPPED or let go (SILENT)
     * @param state SILENT, ASSIST or STOPPED
     * @throws walnut.failure.WalnutException MODEL_NOT_FOUND, INVALID_ARGUMENT
     */
    Deployment change(String modelId, String state, String actor, String reason);
}
