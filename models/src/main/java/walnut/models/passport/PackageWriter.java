package walnut.models.passport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import walnut.digest.Sha256;

/** Makes packages: lists a directory's files in its passport, and writes a package as a zip. */
public final class PackageWriter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PackageWriter() {}

    /** The passport of a directory as a tree, complete or not, to be edited and {@linkplain #seal sealed}. */
    public static ObjectNode passportOf(Path directory) {
        try {
            return (ObjectNode) PassportReader.tree(Files.readAllBytes(directory.resolve(ModelPackage.PASSPORT)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + ModelPackage.PASSPORT, e);
        }
    }

    /** Lists every other file of the directory in this passport, with size and SHA-256, and writes the passport. */
    public static void seal(Path directory, ObjectNode passport) {
        try {
            List<PackageProblem> problems = new ArrayList<>();
            Set<String> paths = PackageSource.of(directory).paths(problems);
            if (!problems.isEmpty()) {
                throw PackageProblem.exception(problems);
            }
            ArrayNode files = passport.putArray("files");
            for (String path : paths) {
                if (!path.equals(ModelPackage.PASSPORT)) {
                    byte[] bytes = Files.readAllBytes(directory.resolve(path));
                    files.addObject()
                            .put("path", path)
                            .put("size", bytes.length)
                            .put("sha256", Sha256.hex(bytes));
                }
            }
            Files.writeString(directory.resolve(ModelPackage.PASSPORT), pretty(passport));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + ModelPackage.PASSPORT, e);
        }
    }

    /**
     * Writes a package as a zip whose bytes depend on nothing but the package: entries sorted, stored, one fixed date.
     */
    public static void zip(ModelPackage modelPackage, Path zip) {
        Set<String> paths = new TreeSet<>(modelPackage.paths());
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            put(entries, ModelPackage.PASSPORT, modelPackage.passportJson());
            for (String path : paths) {
                put(entries, path, modelPackage.read(path));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + zip.getFileName(), e);
        }
    }

    private static void put(ZipOutputStream entries, String path, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(path);
        CRC32 crc = new CRC32();
        crc.update(bytes);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        entries.putNextEntry(entry);
        entries.write(bytes);
        entries.closeEntry();
    }

    /** Objects indented by two, arrays of numbers and short objects on one line: long sample lists stay readable. */
    private static String pretty(JsonNode value) {
        StringBuilder out = new StringBuilder();
        write(value, "", out);
        return out.append('\n').toString();
    }

    private static void write(JsonNode value, String indent, StringBuilder out) {
        String flat = value.toString();
        if (!value.isContainerNode() || value.isEmpty() || (flat.length() <= 90 && !holdsPunctuation(value))) {
            out.append(value.isContainerNode() ? flat.replace("\":", "\": ").replace(",", ", ") : flat);
            return;
        }
        String inner = indent + "  ";
        String separator = "\n" + inner;
        out.append(value.isObject() ? '{' : '[');
        if (value.isObject()) {
            for (var member : value.properties()) {
                out.append(separator).append(quoted(member.getKey())).append(": ");
                write(member.getValue(), inner, out);
                separator = ",\n" + inner;
            }
        } else {
            for (JsonNode element : value) {
                out.append(separator);
                write(element, inner, out);
                separator = ",\n" + inner;
            }
        }
        out.append('\n').append(indent).append(value.isObject() ? '}' : ']');
    }

    /** Commas and colons within texts would be spaced as well, so such containers are not written flat. */
    private static boolean holdsPunctuation(JsonNode container) {
        for (JsonNode child : container) {
            if (child.isTextual()
                    && (child.textValue().contains(",") || child.textValue().contains(":"))) {
                return true;
            }
            if (child.isContainerNode() && holdsPunctuation(child)) {
                return true;
            }
        }
        return false;
    }

    private static String quoted(String name) {
        return JSON.getNodeFactory().textNode(name).toString();
    }
}
