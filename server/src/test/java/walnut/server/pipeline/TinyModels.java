package walnut.server.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import walnut.models.passport.PackageWriter;

/** Packages for tests round a graph of a few hundred bytes on a grid of 4×6×8 voxels, most of them with one thing wrong. */
public final class TinyModels {
    private static final Path RESOURCES = Path.of("../models/src/test/resources/walnut/models");
    private static final ObjectMapper JSON = new ObjectMapper();

    private TinyModels() {}

    /** A sealed package in this directory. */
    public static Path of(Path directory, String graph) throws IOException {
        return of(directory, graph, passport -> {});
    }

    /** @param edit of the passport before the package is sealed */
    public static Path of(Path directory, String graph, Consumer<ObjectNode> edit) throws IOException {
        Files.createDirectories(directory);
        Files.copy(RESOURCES.resolve("onnx").resolve(graph + ".onnx"), directory.resolve("detector.onnx"));
        ObjectNode passport = (ObjectNode) JSON.readTree(
                RESOURCES.resolve("packages/stub-detector/passport.json").toFile());
        passport.put("id", "tiny");
        ObjectNode grid = (ObjectNode) passport.get("grid");
        grid.set("size", JSON.readTree("{\"slices\": 4, \"rows\": 6, \"columns\": 8}"));
        grid.set("spacingMm", JSON.readTree("{\"slices\": 3, \"rows\": 8, \"columns\": 8}"));
        ((ObjectNode) passport.at("/inputs/0")).set("shape", JSON.readTree("[1,3,4,6,8]"));
        ((ObjectNode) passport.at("/outputs/0")).set("shape", JSON.readTree("[1,1,4,6,8]"));
        ((ObjectNode) passport.at("/outputs/1")).set("shape", JSON.readTree("[1,3,4,6,8]"));
        ((ObjectNode) passport.get("gland")).put("minimumVolumeMl", 0.1);
        passport.putArray("files");
        passport.putArray("knownAnswers");
        edit.accept(passport);
        PackageWriter.seal(directory, passport);
        return directory;
    }
}
