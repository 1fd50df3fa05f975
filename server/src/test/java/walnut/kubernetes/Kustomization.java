package walnut.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * As much of kustomize as the overlays of {@code k8s/} use: resources, image tags, strategic merges of maps, {@code $patch:
 * delete}, and JSON patches (RFC 6902: add, replace, remove) on a named target. What it does not know it refuses; where
 * kubectl is at hand, {@link OverlayTest} holds it against the real one.
 */
final class Kustomization {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Kustomization() {}

    static List<ObjectNode> build(Path folder) {
        JsonNode kustomization = read(folder.resolve("kustomization.yaml"));
        List<ObjectNode> built = new ArrayList<>();
        for (JsonNode resource : kustomization.path("resources")) {
            Path path = folder.resolve(resource.asText());
            if (Files.isDirectory(path)) {
                built.addAll(build(path));
            } else {
                built.add((ObjectNode) read(path));
            }
        }
        for (JsonNode patch : kustomization.path("patches")) {
            apply(patch, read(folder.resolve(patch.path("path").asText())), built);
        }
        for (JsonNode image : kustomization.path("images")) {
            built.forEach(object -> object.at("/spec/template/spec/containers").forEach(container -> {
                if (container.path("image").asText().equals(image.path("name").asText())) {
                    ((ObjectNode) container)
                            .put(
                                    "image",
                                    image.path("name").asText() + ":"
                                            + image.path("newTag").asText());
                }
            }));
        }
        return built;
    }

    static void apply(JsonNode entry, JsonNode patch, List<ObjectNode> objects) {
        if (patch.isArray()) {
            ObjectNode target = find(entry.path("target"), objects);
            patch.forEach(operation -> change(target, operation));
            return;
        }
        ObjectNode target = find(
                MAPPER.createObjectNode()
                        .put("kind", patch.path("kind").asText())
                        .put("name", patch.at("/metadata/name").asText()),
                objects);
        if (patch.path("$patch").asText().equals("delete")) {
            objects.remove(target);
        } else {
            merge(target, patch);
        }
    }

    /** A patch that meets nothing is a mistake. */
    private static ObjectNode find(JsonNode target, List<ObjectNode> objects) {
        return objects.stream()
                .filter(object -> object.path("kind").equals(target.path("kind"))
                        && object.at("/metadata/name").equals(target.path("name")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a patch meets no object: " + target));
    }

    private static void merge(ObjectNode into, JsonNode patch) {
        patch.fields().forEachRemaining(field -> {
            JsonNode present = into.path(field.getKey());
            if (field.getValue().isArray()) {
                throw new IllegalArgumentException("lists are patched by JSON patches here: " + field.getKey());
            }
            if (present.isObject() && field.getValue().isObject()) {
                merge((ObjectNode) present, field.getValue());
            } else {
                into.set(field.getKey(), field.getValue());
            }
        });
    }

    private static void change(ObjectNode object, JsonNode operation) {
        String path = operation.path("path").asText();
        int slash = path.lastIndexOf('/');
        JsonNode parent = object.at(path.substring(0, slash));
        String key = path.substring(slash + 1);
        String op = operation.path("op").asText();
        boolean there = parent.has(key);
        if (parent.isMissingNode() || !op.equals("add") && !there) {
            throw new IllegalArgumentException("nothing is at " + path);
        }
        if (op.equals("remove")) {
            ((ObjectNode) parent).remove(key);
        } else if (parent instanceof ArrayNode list && key.equals("-") && op.equals("add")) {
            list.add(operation.path("value"));
        } else if (parent instanceof ObjectNode map && (op.equals("add") || op.equals("replace"))) {
            map.set(key, operation.path("value"));
        } else {
            throw new IllegalArgumentException("this patch is not understood: " + operation);
        }
    }

    static Optional<ObjectNode> find(List<ObjectNode> objects, String kind, String name) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind)
                        && object.at("/metadata/name").asText().equals(name))
                .findFirst();
    }

    static JsonNode read(Path file) {
        try {
            return yaml(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode yaml(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Object document = new Yaml(new SafeConstructor(options)).load(text);
        return MAPPER.valueToTree(document);
    }
}
