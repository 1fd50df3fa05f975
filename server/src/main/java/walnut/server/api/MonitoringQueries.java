package walnut.server.api;

import java.util.Optional;

/** Reads a model's live figures. Methods may block. */
public interface MonitoringQueries {

    Optional<ModelFigures> figures(String modelId);
}
