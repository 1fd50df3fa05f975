package walnut.server.api;

import java.util.List;
import java.util.Optional;

/** Reads which models are deployed. Methods may block. */
public interface DeploymentQueries {

    List<Deployment> deployments();

    Optional<ModelDescription> model(String modelId);
}
