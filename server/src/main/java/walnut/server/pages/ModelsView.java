package walnut.server.pages;

import java.util.List;
import walnut.server.api.Deployment;
import walnut.server.api.ResultWording;

/** The models deployed here, ready to lay out. */
public record ModelsView(List<Row> rows) {

    public record Row(String id, String href, String version, String state, String knownAnswer, String scoreKind) {}

    static ModelsView of(List<Deployment> deployments) {
        return new ModelsView(deployments.stream()
                .map(deployment -> new Row(
                        deployment.modelId(),
                        Hrefs.model(deployment.modelId()),
                        deployment.modelVersion(),
                        Words.deploymentState(deployment.state()),
                        Words.knownAnswer(deployment.knownAnswer()),
                        ResultWording.scoreKind(deployment.scoreKind())))
                .toList());
    }
}
