package walnut.server.cli;

import java.nio.file.Path;
import walnut.models.passport.ModelPackage;
import walnut.models.registry.ModelRegistry;
import walnut.server.natives.Natives;
import walnut.server.pipeline.ServedModel;

/** Which model a command was asked to run: one that ships with the jar, or a package in a folder or zip. */
final class ModelChoice {
    static final String DEFAULT_MODEL = "walnut-phantom-detector";

    private ModelChoice() {}

    /**
     * Opens the package and readies the native libraries it will run on.
     *
     * @param dataDir where libraries and shipped packages are unpacked to, once
     */
    static ModelPackage open(String idOrPath, Path dataDir) {
        Natives.unpackTo(dataDir);
        return registry(dataDir).find(idOrPath);
    }

    /** Opens the package, and the one whose candidates it scores where it finds none itself, and loads both. */
    static ServedModel load(String idOrPath, Path dataDir) {
        return ServedModel.load(open(idOrPath, dataDir), id -> registry(dataDir).find(id), Version.current());
    }

    private static ModelRegistry registry(Path dataDir) {
        return ModelRegistry.open(dataDir.resolve("models"));
    }
}
