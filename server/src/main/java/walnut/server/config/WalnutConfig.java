package walnut.server.config;

import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import walnut.dicom.net.scu.Destination;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.security.TrustedProxies;

/**
 * The effective configuration of one node. Closed by default: DICOM and HTTP listen on loopback, and any other address
 * is refused until senders (DICOM) are named or somebody has a token (HTTP; seen when the database is open).
 */
public record WalnutConfig(
        Path dataDir,
        DicomConfig dicom,
        HttpConfig http,
        AssemblyConfig assembly,
        PipelineConfig pipeline,
        DatabaseConfig database,
        RetentionConfig retention,
        Duration knownAnswers,
        ZoneId siteZone) {

    private static final Duration SHORTEST_KNOWN_ANSWERS = Duration.ofSeconds(1);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern NODE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final int MOST_WORKERS = 64;
    private static final int MOST_ATTEMPTS = 100;
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);

    /**
     * @param callers AE titles that may send; empty accepts any
     * @param destinations where results are sent, by the name an operator gives
     * @param warmUp how long receiving may be warmed up before the port opens
     */
    public record DicomConfig(
            String host,
            int port,
            String aeTitle,
            List<String> callers,
            Map<String, Destination> destinations,
            Duration warmUp) {}

    /**
     * @param token the administrator's, where it comes from outside
     * @param trustedProxies whose word on who asks is believed
     */
    public record HttpConfig(String host, int port, Optional<String> token, TrustedProxies trustedProxies) {

        @Override
        public String toString() {
            return "HttpConfig[host=" + host + ", port=" + port + ", token="
                    + token.map(t -> "(set)").orElse("(none)") + ", trustedProxies=" + trustedProxies + "]";
        }
    }

    public record AssemblyConfig(Duration quiet, Duration cap) {}

    /**
     * @param workers studies worked on at a time
     * @param lease after which a case whose worker is silent is taken over
     * @param attempts after which a case that keeps failing is answered with its failure
     */
    public record PipelineConfig(int workers, Duration lease, int attempts) {}

    /**
     * @param url of a PostgreSQL that several nodes share; where there is none, SQLite in the data directory
     * @param nodeName under which this node keeps what is its own in the shared data directory; empty without a url
     */
    public record DatabaseConfig(Optional<String> url, String user, String password, String nodeName) {

        @Override
        public String toString() {
            return "DatabaseConfig[url=" + url.orElse("(none)") + ", user=" + user + ", password="
                    + (password.isEmpty() ? "(none)" : "(set)") + ", nodeName=" + nodeName + "]";
        }
    }

    /**
     * When images are removed; where both are empty, never.
     *
     * @param age counted from a study's last image
     * @param diskPercent above which the oldest go
     */
    public record RetentionConfig(Optional<Duration> age, Optional<Integer> diskPercent) {

        public boolean isOff() {
            return age.isEmpty() && diskPercent.isEmpty();
        }
    }

    /** As {@link #load(Map, Optional, Map, Map)} with nothing but the product's own defaults. */
    public static WalnutConfig load(
            Optional<Path> file, Map<String, String> environment, Map<ConfigKey, String> flags) {
        return load(Map.of(), file, environment, flags);
    }

    /**
     * Defaults below file below environment below flags.
     *
     * @param defaults of the command at hand, in place of the product's
     * @throws WalnutException CONFIGURATION_INVALID naming every problem, not only the first
     */
    public static WalnutConfig load(
            Map<ConfigKey, String> defaults,
            Optional<Path> file,
            Map<String, String> environment,
            Map<ConfigKey, String> flags) {
        List<String> problems = new ArrayList<>();
        Map<ConfigKey, String> values = new EnumMap<>(ConfigKey.class);
        for (ConfigKey key : ConfigKey.values()) {
            values.put(key, defaults.getOrDefault(key, key.defaultValue()));
        }
        file.ifPresent(path -> values.putAll(fromFile(path, problems)));
        values.putAll(fromEnvironment(environment, problems));
        values.putAll(flags);
        WalnutConfig config = new Parser(values, problems).parse();
        if (!problems.isEmpty()) {
            throw new WalnutException(
                    FailureCode.CONFIGURATION_INVALID, "configuration: " + String.join("; ", problems));
        }
        return config;
    }

    private static Map<ConfigKey, String> fromEnvironment(Map<String, String> environment, List<String> problems) {
        Map<String, ConfigKey> known =
                Arrays.stream(ConfigKey.values()).collect(Collectors.toMap(ConfigKey::environmentVariable, k -> k));
        Map<ConfigKey, String> values = new EnumMap<>(ConfigKey.class);
        environment.forEach((name, value) -> {
            if (!name.startsWith("WALNUT_")) {
                return;
            }
            ConfigKey key = known.get(name);
            if (key == null) {
                problems.add("environment variable " + name + " is not known; known are "
                        + known.keySet().stream().sorted().collect(Collectors.joining(", ")));
            } else {
                values.put(key, value);
            }
        });
        return values;
    }

    private static Map<ConfigKey, String> fromFile(Path path, List<String> problems) {
        Map<String, Object> flat = new LinkedHashMap<>();
        try (Reader reader = Files.newBufferedReader(path)) {
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            if (document instanceof Map<?, ?> map) {
                flatten("", map, flat);
            } else if (document != null) {
                problems.add(path.getFileName() + " must hold keys and values");
            }
        } catch (IOException e) {
            problems.add("cannot read " + path.getFileName() + ": " + e.getMessage());
        } catch (YAMLException e) {
            String detail = String.valueOf(e.getMessage());
            problems.add(path.getFileName() + " is not YAML: "
                    + detail.lines().findFirst().orElse(""));
        }
        Map<ConfigKey, String> values = new EnumMap<>(ConfigKey.class);
        flat.forEach((name, value) -> ConfigKey.named(name)
                .ifPresentOrElse(
                        key -> values.put(key, String.valueOf(value)),
                        () -> problems.add("key " + name + " is not known")));
        return values;
    }

    private static void flatten(String prefix, Map<?, ?> map, Map<String, Object> into) {
        map.forEach((name, value) -> {
            if (value instanceof Map<?, ?> nested) {
                flatten(prefix + name + ".", nested, into);
            } else if (value instanceof List<?> list) {
                into.put(prefix + name, list.stream().map(String::valueOf).collect(Collectors.joining(",")));
            } else {
                into.put(prefix + name, value == null ? "" : value);
            }
        });
    }

    /** One line per key with its effective value, secrets masked, in the order of {@link ConfigKey}. */
    public Map<String, String> effectiveValues() {
        Map<String, String> values = new LinkedHashMap<>();
        for (ConfigKey key : ConfigKey.values()) {
            values.put(key.key(), key.secret() && !valueOf(key).isEmpty() ? "********" : valueOf(key));
        }
        return values;
    }

    private String valueOf(ConfigKey key) {
        return switch (key) {
            case DATA_DIR -> dataDir.toString();
            case DICOM_HOST -> dicom.host;
            case DICOM_PORT -> Integer.toString(dicom.port);
            case DICOM_AE_TITLE -> dicom.aeTitle;
            case DICOM_CALLERS -> String.join(",", dicom.callers);
            case DICOM_DESTINATIONS ->
                dicom.destinations.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
            case DICOM_WARM_UP -> dicom.warmUp.toMillis() + "ms";
            case HTTP_HOST -> http.host;
            case HTTP_PORT -> Integer.toString(http.port);
            case HTTP_TOKEN -> http.token.orElse("");
            case HTTP_TRUSTED_PROXIES -> http.trustedProxies.toString();
            case ASSEMBLY_QUIET -> assembly.quiet.toMillis() + "ms";
            case ASSEMBLY_CAP -> assembly.cap.toMillis() + "ms";
            case MODELS_KNOWN_ANSWERS -> knownAnswers.toMillis() + "ms";
            case PIPELINE_WORKERS -> Integer.toString(pipeline.workers);
            case PIPELINE_LEASE -> pipeline.lease.toMillis() + "ms";
            case PIPELINE_ATTEMPTS -> Integer.toString(pipeline.attempts);
            case DATABASE_URL -> database.url.orElse("");
            case DATABASE_USER -> database.user;
            case DATABASE_PASSWORD -> database.password;
            case NODE_NAME -> database.nodeName;
            case RETENTION_AGE -> retention.age.map(age -> age.toDays() + "d").orElse("");
            case RETENTION_DISK ->
                retention.diskPercent.map(percent -> percent + "%").orElse("");
            case SITE_ZONE -> siteZone.getId();
        };
    }

    /** Reads each value into its type and notes what is wrong with it, so that all problems come out together. */
    private record Parser(Map<ConfigKey, String> values, List<String> problems) {

        WalnutConfig parse() {
            DicomConfig dicom = new DicomConfig(
                    text(ConfigKey.DICOM_HOST),
                    port(ConfigKey.DICOM_PORT),
                    aeTitle(),
                    list(ConfigKey.DICOM_CALLERS),
                    destinations(),
                    duration(ConfigKey.DICOM_WARM_UP));
            HttpConfig http = new HttpConfig(
                    text(ConfigKey.HTTP_HOST),
                    port(ConfigKey.HTTP_PORT),
                    Optional.of(text(ConfigKey.HTTP_TOKEN)).filter(token -> !token.isBlank()),
                    trustedProxies());
            AssemblyConfig assembly =
                    new AssemblyConfig(duration(ConfigKey.ASSEMBLY_QUIET), duration(ConfigKey.ASSEMBLY_CAP));
            PipelineConfig pipeline = new PipelineConfig(
                    wholeNumber(ConfigKey.PIPELINE_WORKERS, 1, MOST_WORKERS),
                    lease(),
                    wholeNumber(ConfigKey.PIPELINE_ATTEMPTS, 1, MOST_ATTEMPTS));
            if (dicom.callers.isEmpty() && !loopback(dicom.host)) {
                problems.add("dicom.host " + dicom.host + " is not loopback: name the senders in dicom.callers first");
            }
            Duration knownAnswers = duration(ConfigKey.MODELS_KNOWN_ANSWERS);
            if (knownAnswers.compareTo(SHORTEST_KNOWN_ANSWERS) < 0) {
                problems.add("models.knownAnswers must be at least 1s, got '" + text(ConfigKey.MODELS_KNOWN_ANSWERS)
                        + "'; the cases take as long as the model does");
            }
            return new WalnutConfig(
                    Path.of(text(ConfigKey.DATA_DIR)).toAbsolutePath().normalize(),
                    dicom,
                    http,
                    assembly,
                    pipeline,
                    database(),
                    new RetentionConfig(retentionAge(), retentionDisk()),
                    knownAnswers,
                    parsed(ConfigKey.SITE_ZONE, ZoneId::of, ZoneId.of("UTC"), "a time zone such as Europe/Lisbon"));
        }

        private String text(ConfigKey key) {
            return values.getOrDefault(key, "").trim();
        }

        private List<String> list(ConfigKey key) {
            return Arrays.stream(text(key).split(","))
                    .map(String::trim)
                    .filter(s -> !s.isEmpty())
                    .toList();
        }

        private String aeTitle() {
            String title = text(ConfigKey.DICOM_AE_TITLE);
            if (title.isEmpty() || title.length() > 16 || title.contains("\\")) {
                problems.add("dicom.aeTitle must have 1 to 16 characters and no backslash, got '" + title + "'");
            }
            return title;
        }

        private Map<String, Destination> destinations() {
            Map<String, Destination> destinations = new LinkedHashMap<>();
            for (String entry : list(ConfigKey.DICOM_DESTINATIONS)) {
                int equals = entry.indexOf('=');
                if (equals < 1) {
                    problems.add("dicom.destinations must be NAME=AET@host:port, got '" + entry + "'");
                    continue;
                }
                try {
                    destinations.put(
                            entry.substring(0, equals).trim(),
                            Destination.parse(entry.substring(equals + 1).trim()));
                } catch (WalnutException e) {
                    problems.add("dicom.destinations " + entry + ": " + e.getMessage());
                }
            }
            return destinations;
        }

        private TrustedProxies trustedProxies() {
            try {
                return TrustedProxies.of(list(ConfigKey.HTTP_TRUSTED_PROXIES));
            } catch (WalnutException e) {
                problems.add("http.trustedProxies: " + e.getMessage());
                return TrustedProxies.NONE;
            }
        }

        private int port(ConfigKey key) {
            int port = parsed(key, Integer::parseInt, 0, "a port number from 0 to 65535");
            if (port < 0 || port > 65535) {
                problems.add(key.key() + " must be a port number from 0 to 65535, got " + port);
            }
            return port;
        }

        private Duration duration(ConfigKey key) {
            return parsed(
                    key, WalnutConfig::parseDuration, Duration.ZERO, "a duration such as 500ms, 10s, 30m, 2h or 90d");
        }

        private int wholeNumber(ConfigKey key, int least, int most) {
            int number = parsed(key, Integer::parseInt, least, "a whole number from " + least + " to " + most);
            if (number < least || number > most) {
                problems.add(key.key() + " must be a whole number from " + least + " to " + most + ", got " + number);
            }
            return number;
        }

        private Duration lease() {
            Duration lease = duration(ConfigKey.PIPELINE_LEASE);
            if (lease.compareTo(SHORTEST_LEASE) < 0) {
                problems.add("pipeline.lease must be at least 1s, got '" + text(ConfigKey.PIPELINE_LEASE) + "'");
            }
            return lease;
        }

        private DatabaseConfig database() {
            Optional<String> url = Optional.of(text(ConfigKey.DATABASE_URL)).filter(given -> !given.isEmpty());
            String nodeName = text(ConfigKey.NODE_NAME);
            if (url.filter(given -> !given.startsWith("jdbc:postgresql://")).isPresent()) {
                problems.add("database.url must begin with jdbc:postgresql://");
            }
            // The effective values are printed.
            if (url.filter(given -> given.contains("password=")).isPresent()) {
                problems.add("database.url must not hold a password: set WALNUT_DATABASE_PASSWORD");
            }
            if (url.isPresent() && !NODE_NAME.matcher(nodeName).matches()) {
                problems.add("node.name must name this node when database.url is set: letters, digits, . _ -");
            }
            return new DatabaseConfig(url, text(ConfigKey.DATABASE_USER), text(ConfigKey.DATABASE_PASSWORD), nodeName);
        }

        private Optional<Duration> retentionAge() {
            return text(ConfigKey.RETENTION_AGE).isEmpty()
                    ? Optional.empty()
                    : Optional.of(duration(ConfigKey.RETENTION_AGE));
        }

        private Optional<Integer> retentionDisk() {
            String text = text(ConfigKey.RETENTION_DISK);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            int percent = parsed(
                    ConfigKey.RETENTION_DISK,
                    given -> Integer.parseInt(given.replaceFirst("%$", "")),
                    99,
                    "a percentage from 1% to 99%");
            if (percent < 1 || percent > 99) {
                problems.add("retention.disk must be a percentage from 1% to 99%, got '" + text + "'");
            }
            return Optional.of(percent);
        }

        private <T> T parsed(ConfigKey key, Function<String, T> parse, T otherwise, String expected) {
            try {
                return parse.apply(text(key));
            } catch (IllegalArgumentException | DateTimeException e) {
                problems.add(key.key() + " must be " + expected + ", got '" + text(key) + "'");
                return otherwise;
            }
        }

        private static boolean loopback(String host) {
            try {
                return InetAddress.getByName(host).isLoopbackAddress();
            } catch (UnknownHostException e) {
                return false;
            }
        }
    }

    private static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
