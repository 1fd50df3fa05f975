package walnut.server.natives;

import ai.djl.engine.Engine;
import ai.djl.util.cuda.CudaUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;

/** A process that loads what Walnut loads and prints the shared objects that the kernel then has mapped for it. */
final class LoadEveryNative {
    private LoadEveryNative() {}

    public static void main(String[] args) throws Exception {
        Natives.unpackTo(Path.of(args[0]));
        System.setProperty("ai.djl.offline", "true");
        Engine.getEngine("OnnxRuntime");
        CudaUtils.hasCuda();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            connection.createStatement().execute("select 1");
        }
        Files.lines(Path.of("/proc/self/maps"))
                .filter(line -> line.contains(".so"))
                .map(line -> line.substring(line.indexOf('/')))
                .distinct()
                .forEach(System.out::println);
    }
}
