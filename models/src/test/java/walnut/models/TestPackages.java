package walnut.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Consumer;
import walnut.models.passport.ModelPackage;
import walnut.models.passport.Passport;
import walnut.models.preprocess.ModelInput;
import walnut.models.preprocess.Preprocessor;
import walnut.models.tensor.Tensor;
import walnut.volume.Lps;
import walnut.volume.VolumeGeometry;

/** Model packages made for a test: the small graphs under {@code walnut/models/onnx} with a passport that fits them. */
public final class TestPackages {
    public static final ObjectMapper JSON = new ObjectMapper();

    private TestPackages() {}

    /** The package whose outputs have the phantom detector's shapes and no meaning. */
    public static Path stubDetector() {
        return resource("packages/stub-detector");
    }

    /** A valid package around {@code onnx/<graph>.onnx}: grid 4×6×8 at 3×2×2 mm. */
    public static Path tiny(Path directory, String graph) {
        return tiny(directory, graph, passport -> {});
    }

    public static Path tiny(Path directory, String graph, Consumer<ObjectNode> edit) {
        try {
            byte[] onnx;
            try (InputStream stream = Objects.requireNonNull(
                    TestPackages.class.getResourceAsStream("/walnut/models/onnx/" + graph + ".onnx"), graph)) {
                onnx = stream.readAllBytes();
            }
            Files.createDirectories(directory);
            Files.write(directory.resolve("detector.onnx"), onnx);
            ObjectNode passport = tinyPassport();
            edit.accept(passport);
            if (passport.withArray("files").isEmpty()) {
                list(passport, directory, "detector.onnx");
            }
            write(directory, passport);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A package that scores points of another: patch 4×6×8 at 3×2×2 mm, any number of patches at once. */
    public static Path point(Path directory, String finderId) {
        return tiny(directory, "point", passport -> asPointPassport(passport, finderId));
    }

    /** Turns the passport of a model that finds lesions into that of one that scores points. */
    public static void asPointPassport(ObjectNode passport, String finderId) {
        passport.put("id", "tiny-point");
        ((ObjectNode) passport.get("grid")).put("centre", "POINT");
        ((ObjectNode) passport.at("/inputs/0")).put("name", "patch");
        passport.remove(java.util.List.of("candidates", "gland", "side"));
        passport.putObject("points").put("from", finderId);
        ObjectNode output = passport.putArray("outputs").addObject();
        output.put("name", "score")
                .put("meaning", "POINT_SCORE")
                .put("dataType", "FLOAT32")
                .put("layout", "NC");
        output.putArray("shape").add(1).add(1);
        output.putObject("range").put("lower", 0).put("upper", 1);
        output.putArray("classes");
    }

    /** The stub detector's passport, cut to the small grid. */
    public static ObjectNode tinyPassport() throws IOException {
        ObjectNode passport = (ObjectNode)
                JSON.readTree(stubDetector().resolve("passport.json").toFile());
        passport.put("id", "tiny");
        ((ObjectNode) passport.get("grid")).set("size", JSON.readTree("{\"slices\": 4, \"rows\": 6, \"columns\": 8}"));
        ((ObjectNode) passport.get("grid"))
                .set("spacingMm", JSON.readTree("{\"slices\": 3, \"rows\": 2, \"columns\": 2}"));
        ((ObjectNode) passport.at("/inputs/0")).set("shape", JSON.readTree("[1,3,4,6,8]"));
        ((ObjectNode) passport.at("/outputs/0")).set("shape", JSON.readTree("[1,1,4,6,8]"));
        ((ObjectNode) passport.at("/outputs/1")).set("shape", JSON.readTree("[1,3,4,6,8]"));
        ((ObjectNode) passport.get("candidates")).put("minimumVoxels", 2);
        ((ObjectNode) passport.get("gland")).put("minimumVolumeMl", 0.1);
        passport.set("files", JSON.createArrayNode());
        return passport;
    }

    /** Adds a file to the passport's list with its true size and digest. */
    public static void list(ObjectNode passport, Path directory, String path) throws IOException {
        byte[] bytes = Files.readAllBytes(directory.resolve(path));
        ((ArrayNode) passport.withArray("files"))
                .addObject()
                .put("path", path)
                .put("size", bytes.length)
                .put("sha256", sha256(bytes));
    }

    public static void write(Path directory, JsonNode passport) throws IOException {
        JSON.writerWithDefaultPrettyPrinter()
                .writeValue(directory.resolve(ModelPackage.PASSPORT).toFile(), passport);
    }

    /** Input whose values are a fixed pseudo-random sequence in [-2, 2), on a grid in the middle of a plain T2W. */
    public static ModelInput input(Passport passport, long seed) {
        VolumeGeometry t2w = new VolumeGeometry(
                40, 40, 19, 2, 2, 3, new Lps(-40, -30, 5), new Lps(1, 0, 0), new Lps(0, 1, 0), new Lps(0, 0, 1));
        var tensors = passport.inputs().stream()
                .map(input -> {
                    Tensor tensor = Tensor.allocate(
                            input.name(),
                            input.shape().stream().mapToLong(Long::longValue).toArray());
                    java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
                    var values = tensor.values();
                    while (values.hasRemaining()) {
                        values.put((float) (random.nextInt(4096) / 1024.0 - 2));
                    }
                    return tensor;
                })
                .toList();
        return new ModelInput(tensors, Preprocessor.grid(passport.grid(), t2w), t2w);
    }

    public static Path resource(String path) {
        try {
            return Path.of(Objects.requireNonNull(TestPackages.class.getResource("/walnut/models/" + path), path)
                    .toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
