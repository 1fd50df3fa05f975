package walnut.server.pipeline;

import walnut.server.api.Deployment;
import walnut.server.api.DeploymentControl;
import walnut.server.ledger.Ledger;

/** Changes of a deployment's state that stand in the ledger, whoever makes them. */
public final class NotedDeployments implements DeploymentControl {
    private final DeploymentControl deployments;
    private final Ledger ledger;

    public NotedDeployments(DeploymentControl deployments, Ledger ledger) {
        this.deployments = deployments;
        this.ledger = ledger;
    }

    @Override
    public Deployment change(String modelId, String state, String actor, String reason) {
        Deployment changed = deployments.change(modelId, state, actor, reason);
        ledger.append(actor, "DEPLOYMENT_CHANGED", modelId, state + ": " + reason);
        return changed;
    }
}
