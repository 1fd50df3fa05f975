package walnut.server.pipeline;

import java.util.function.Function;
import walnut.models.registry.ModelRegistry;

/**
 * The corridor of any model that ever served here: the one that serves now, or an earlier package out of the registry,
 * loaded for as long as it is needed. A stored prediction is replayed with the model that made it, not with its
 * successor.
 */
public final class RecordedModels {
    private final CasePipeline serving;
    private final ModelRegistry registry;

    public RecordedModels(CasePipeline serving, ModelRegistry registry) {
        this.serving = serving;
        this.registry = registry;
    }

    /**
     * @param digest of the package that made the prediction
     * @throws walnut.failure.WalnutException MODEL_NOT_FOUND when that package is no longer in the registry
     */
    <T> T with(String digest, Function<CasePipeline, T> work) {
        if (digest.equals(serving.model().digest())) {
            return work.apply(serving);
        }
        String walnutVersion = serving.model().runtime().walnut();
        try (ServedModel recorded = ServedModel.load(registry.find(digest), registry::find, walnutVersion)) {
            return work.apply(new CasePipeline(recorded));
        }
    }
}
