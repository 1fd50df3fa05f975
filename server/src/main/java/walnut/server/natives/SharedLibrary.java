package walnut.server.natives;

import java.util.List;
import java.util.Map;

/**
 * The shared objects of one Java library: which entries of the jar they are, and the system properties by which that
 * library can be told to load them from a folder.
 *
 * @param resources folder in the jar, ending in a slash
 * @param fileNames entries of that folder; all go to one folder on disk, where the loader resolves one from the other
 * @param folderProperty names the folder on disk
 * @param fixedProperties what else the library must be told
 */
record SharedLibrary(
        String resources, List<String> fileNames, String folderProperty, Map<String, String> fixedProperties) {

    static List<SharedLibrary> allFor(Architecture architecture) {
        return List.of(
                new SharedLibrary(
                        architecture.onnxRuntimeResources(),
                        List.of("libonnxruntime.so", "libonnxruntime4j_jni.so"),
                        "onnxruntime.native.path",
                        Map.of()),
                new SharedLibrary(
                        architecture.sqliteResources(),
                        List.of("libsqlitejdbc.so"),
                        "org.sqlite.lib.path",
                        Map.of("org.sqlite.lib.name", "libsqlitejdbc.so")),
                // DJL asks for a CUDA runtime through JNA, whether or not there is a GPU.
                new SharedLibrary(
                        architecture.jnaResources(), List.of("libjnidispatch.so"), "jna.boot.library.path", Map.of()));
    }
}
