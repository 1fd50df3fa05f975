package walnut.server.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.PackageWriter;

/** A small model that scores points, made for a test: the sigmoid of a weighted mean over a patch of 4×6×8 voxels. */
public final class PointModels {
    private static final Path DETECTOR = Path.of("../models/packages/walnut-phantom-detector");

    private PointModels() {}

    /** A package in this directory that scores the shipped detector's candidates. */
    public static ModelPackage weightedMean(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (InputStream onnx =
                Objects.requireNonNull(PointModels.class.getResourceAsStream("point.onnx"), "point.onnx")) {
            Files.copy(onnx, directory.resolve("point.onnx"));
        }
        ObjectMapper json = new ObjectMapper();
        ObjectNode passport =
                (ObjectNode) json.readTree(DETECTOR.resolve("passport.json").toFile());
        passport.put("id", "weighted-mean").put("name", "Weighted mean");
        passport.set("normalisationGrid", passport.get("grid").deepCopy());
        ObjectNode grid = (ObjectNode) passport.get("grid");
        grid.put("centre", "POINT");
        grid.set("size", json.readTree("{\"slices\": 4, \"rows\": 6, \"columns\": 8}"));
        ((ObjectNode) passport.get("onnx")).put("file", "point.onnx");
        ((ObjectNode) passport.at("/inputs/0")).put("name", "patch").set("shape", json.readTree("[1,3,4,6,8]"));
        passport.set("outputs", json.readTree("""
                        [{"name": "score", "meaning": "POINT_SCORE", "dataType": "FLOAT32", "layout": "NC",
                          "shape": [1, 1], "range": {"lower": 0, "upper": 1}, "classes": []}]"""));
        passport.remove(List.of("candidates", "gland", "side"));
        passport.putObject("points").put("from", "walnut-phantom-detector");
        passport.putArray("knownAnswers");
        passport.putArray("files");
        PackageWriter.seal(directory, passport);
        return ModelPackage.open(directory);
    }
}
