package walnut.server.cli;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import walnut.server.config.ConfigKey;
import walnut.server.config.WalnutConfig;

/** The flags of every command that runs a node; they win over environment and file. */
final class NodeOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings")
    private @Nullable Path config;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "where everything is kept (./walnut-data)")
    private @Nullable String dataDir;

    @Option(names = "--dicom-port", paramLabel = "PORT", description = "DICOM port; 0 picks a free one")
    private @Nullable String dicomPort;

    @Option(names = "--http-port", paramLabel = "PORT", description = "HTTP port; 0 picks a free one")
    private @Nullable String httpPort;

    /** @param defaults of the command, below everything the user set */
    WalnutConfig load(Map<ConfigKey, String> defaults) {
        Map<ConfigKey, String> flags = new EnumMap<>(ConfigKey.class);
        put(flags, ConfigKey.DATA_DIR, dataDir);
        put(flags, ConfigKey.DICOM_PORT, dicomPort);
        put(flags, ConfigKey.HTTP_PORT, httpPort);
        return WalnutConfig.load(defaults, Optional.ofNullable(config), System.getenv(), flags);
    }

    boolean dataDirGiven() {
        return dataDir != null;
    }

    private static void put(Map<ConfigKey, String> flags, ConfigKey key, @Nullable String value) {
        if (value != null) {
            flags.put(key, value);
        }
    }
}
