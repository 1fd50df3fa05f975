package walnut.server.config;

import java.util.Arrays;
import java.util.Optional;

/** Every key an operator may set: its name in the YAML file, its environment variable, its default and its meaning. */
public enum ConfigKey {
    DATA_DIR("dataDir", "./walnut-data", "folder for images, database, models and keys"),
    DICOM_HOST("dicom.host", "127.0.0.1", "address the DICOM receiver binds to"),
    DICOM_PORT("dicom.port", "11112", "DICOM port; 0 picks a free one"),
    DICOM_AE_TITLE("dicom.aeTitle", "WALNUT", "our application entity title, 1 to 16 characters"),
    DICOM_CALLERS("dicom.callers", "", "comma-separated AE titles that may send; empty accepts any, on loopback only"),
    DICOM_DESTINATIONS("dicom.destinations", "", "comma-separated NAME=AET@host:port that results are sent to"),
    DICOM_WARM_UP(
            "dicom.warmUp", "8s", "how long receiving may be warmed up before the DICOM port opens; 0s starts without"),
    HTTP_HOST("http.host", "127.0.0.1", "address of API and pages"),
    HTTP_PORT("http.port", "8080", "HTTP port; 0 picks a free one"),
    HTTP_TOKEN(
            "http.token",
            "",
            "the administrator's token, where it comes from outside; else one is printed at first start"),
    HTTP_TRUSTED_PROXIES(
            "http.trustedProxies",
            "",
            "comma-separated addresses or networks (10.42.0.0/16) of proxies whose X-Forwarded-For is believed; empty: none"),
    ASSEMBLY_QUIET(
            "assembly.quiet", "10s", "a study is whole when its inputs are there and nothing came for this long"),
    ASSEMBLY_CAP("assembly.cap", "30m", "an incomplete study is answered with what is missing after this long"),
    MODELS_KNOWN_ANSWERS(
            "models.knownAnswers",
            "6h",
            "how often a model's known-answer cases are run beside its work; one that fails them is not ready and rests"),
    PIPELINE_WORKERS("pipeline.workers", "1", "how many studies are worked on at a time, 1 to 64"),
    PIPELINE_LEASE("pipeline.lease", "1m", "a case whose worker is silent for this long is taken over"),
    PIPELINE_ATTEMPTS("pipeline.attempts", "5", "a case that keeps failing is answered with its failure after so many"),
    DATABASE_URL("database.url", "", "jdbc:postgresql://host:port/database that nodes share; empty: a file in dataDir"),
    DATABASE_USER("database.user", "walnut", "user of the shared database"),
    DATABASE_PASSWORD("database.password", "", "its password; best given as WALNUT_DATABASE_PASSWORD"),
    NODE_NAME("node.name", "", "with a shared database: this node's own, the same after a restart"),
    RETENTION_AGE(
            "retention.age", "", "images are removed this long after their study came, such as 365d; empty: never"),
    RETENTION_DISK(
            "retention.disk",
            "",
            "oldest images are removed while the disk is fuller than this, such as 85%; empty: never"),
    SITE_ZONE("site.zone", "UTC", "time zone of DICOM dates without an offset");

    private final String key;
    private final String defaultValue;
    private final String meaning;

    ConfigKey(String key, String defaultValue, String meaning) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.meaning = meaning;
    }

    public String key() {
        return key;
    }

    public String defaultValue() {
        return defaultValue;
    }

    public String meaning() {
        return meaning;
    }

    /** {@code dicom.aeTitle} is read from {@code WALNUT_DICOM_AE_TITLE}. */
    public String environmentVariable() {
        return "WALNUT_" + name();
    }

    boolean secret() {
        return this == HTTP_TOKEN || this == DATABASE_PASSWORD;
    }

    static Optional<ConfigKey> named(String key) {
        return Arrays.stream(values()).filter(k -> k.key.equals(key)).findFirst();
    }
}
