package walnut.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import walnut.dicom.net.scu.Destination;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.security.TrustedProxies;

class WalnutConfigTest {

    @Test
    void defaults_listen_on_loopback_with_the_ports_of_the_manual() {
        WalnutConfig config = WalnutConfig.load(Optional.empty(), Map.of(), Map.of());
        assertThat(config.dicom())
                .isEqualTo(new WalnutConfig.DicomConfig(
                        "127.0.0.1", 11112, "WALNUT", List.of(), Map.of(), Duration.ofSeconds(8)));
        assertThat(config.http())
                .isEqualTo(new WalnutConfig.HttpConfig("127.0.0.1", 8080, Optional.empty(), TrustedProxies.NONE));
        assertThat(config.assembly())
                .isEqualTo(new WalnutConfig.AssemblyConfig(Duration.ofSeconds(10), Duration.ofMinutes(30)));
        assertThat(config.knownAnswers()).isEqualTo(Duration.ofHours(6));
    }

    /** Adding a key without deciding its name and variable fails here. */
    @Test
    void every_key_has_the_name_that_is_documented() {
        assertThat(Arrays.stream(ConfigKey.values()).map(ConfigKey::key))
                .containsExactly(
                        "dataDir",
                        "dicom.host",
                        "dicom.port",
                        "dicom.aeTitle",
                        "dicom.callers",
                        "dicom.destinations",
                        "dicom.warmUp",
                        "http.host",
                        "http.port",
                        "http.token",
                        "http.trustedProxies",
                        "assembly.quiet",
                        "assembly.cap",
                        "models.knownAnswers",
                        "pipeline.workers",
                        "pipeline.lease",
                        "pipeline.attempts",
                        "database.url",
                        "database.user",
                        "database.password",
                        "node.name",
                        "retention.age",
                        "retention.disk",
                        "site.zone");
        assertThat(Arrays.stream(ConfigKey.values()).map(ConfigKey::environmentVariable))
                .contains("WALNUT_DATA_DIR", "WALNUT_DICOM_AE_TITLE", "WALNUT_HTTP_TOKEN", "WALNUT_ASSEMBLY_QUIET");
    }

    @Test
    void trusted_proxies_are_addresses_and_networks_and_every_other_is_told() {
        WalnutConfig config = WalnutConfig.load(
                Optional.empty(), Map.of("WALNUT_HTTP_TRUSTED_PROXIES", "10.0.0.7, 10.42.0.0/16,fd00::/8"), Map.of());
        assertThat(config.effectiveValues())
                .containsEntry("http.trustedProxies", "10.0.0.7,10.42.0.0/16,fd00:0:0:0:0:0:0:0/8");

        assertThatThrownBy(() -> WalnutConfig.load(
                        Optional.empty(),
                        Map.of("WALNUT_HTTP_TRUSTED_PROXIES", "proxy.example,10.0.0.7,10.0.0.0/33"),
                        Map.of()))
                .hasMessageContaining("http.trustedProxies")
                .hasMessageContaining("proxy.example, 10.0.0.0/33");
    }

    @Test
    void destinations_have_a_name_and_an_address_and_every_wrong_one_is_told() {
        WalnutConfig config = WalnutConfig.load(
                Optional.empty(),
                Map.of("WALNUT_DICOM_DESTINATIONS", "pacs=ARCHIVE@10.0.0.5:104, research = XNAT@[::1]:8104"),
                Map.of());
        assertThat(config.dicom().destinations())
                .containsExactly(
                        Map.entry("pacs", new Destination("ARCHIVE", "10.0.0.5", 104)),
                        Map.entry("research", new Destination("XNAT", "::1", 8104)));

        assertThatThrownBy(() -> WalnutConfig.load(
                        Optional.empty(), Map.of("WALNUT_DICOM_DESTINATIONS", "ARCHIVE@h:1,b=C@h"), Map.of()))
                .hasMessageContaining("NAME=AET@host:port")
                .hasMessageContaining("b=C@h");
    }

    @Test
    void flags_win_over_environment_and_environment_over_file(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("walnut.yaml"), "dicom:\n  port: 104\n  aeTitle: FILE\nhttp:\n  port: 81\n");
        WalnutConfig config = WalnutConfig.load(
                Optional.of(file),
                Map.of("WALNUT_DICOM_AE_TITLE", "ENVIRONMENT", "WALNUT_HTTP_PORT", "82"),
                Map.of(ConfigKey.HTTP_PORT, "83"));
        assertThat(config.dicom().port()).isEqualTo(104);
        assertThat(config.dicom().aeTitle()).isEqualTo("ENVIRONMENT");
        assertThat(config.http().port()).isEqualTo(83);
    }

    @Test
    void names_every_problem_at_once(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("walnut.yaml"), "dicom:\n  prot: 104\n");
        assertThatThrownBy(() -> WalnutConfig.load(
                        Optional.of(file),
                        Map.of("WALNUT_HTTP_PORT", "http", "WALNUT_QUIET", "3s"),
                        Map.of(ConfigKey.ASSEMBLY_QUIET, "ten seconds", ConfigKey.DICOM_AE_TITLE, "")))
                .isInstanceOfSatisfying(
                        WalnutException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.CONFIGURATION_INVALID))
                .hasMessageContaining("dicom.prot")
                .hasMessageContaining("WALNUT_QUIET")
                .hasMessageContaining("http.port")
                .hasMessageContaining("assembly.quiet")
                .hasMessageContaining("dicom.aeTitle");
    }

    @Test
    void refuses_to_listen_for_everybody_and_says_what_to_set() {
        Map<ConfigKey, String> open = Map.of(ConfigKey.DICOM_HOST, "0.0.0.0");
        assertThatThrownBy(() -> WalnutConfig.load(Optional.empty(), Map.of(), open))
                .hasMessageContaining("dicom.callers");
    }

    @Test
    void a_shared_database_needs_a_name_of_the_node_and_keeps_its_password_out_of_the_url() {
        assertThatThrownBy(() -> WalnutConfig.load(
                        Optional.empty(),
                        Map.of(),
                        Map.of(ConfigKey.DATABASE_URL, "jdbc:postgresql://db/walnut?password=secret")))
                .hasMessageContaining("node.name")
                .hasMessageContaining("WALNUT_DATABASE_PASSWORD");
        assertThatThrownBy(() -> WalnutConfig.load(
                        Optional.empty(), Map.of(), Map.of(ConfigKey.DATABASE_URL, "jdbc:mysql://db/walnut")))
                .hasMessageContaining("jdbc:postgresql://");
        WalnutConfig config = WalnutConfig.load(
                Optional.empty(),
                Map.of("WALNUT_DATABASE_PASSWORD", "secret", "WALNUT_NODE_NAME", "walnut-0"),
                Map.of(ConfigKey.DATABASE_URL, "jdbc:postgresql://db/walnut"));
        assertThat(config.database())
                .isEqualTo(new WalnutConfig.DatabaseConfig(
                        Optional.of("jdbc:postgresql://db/walnut"), "walnut", "secret", "walnut-0"));
        assertThat(config.effectiveValues()).containsEntry("database.password", "********");
        assertThat(config.toString()).doesNotContain("secret");
    }

    @Test
    void retention_is_off_until_an_age_or_a_part_of_the_disk_is_given() {
        assertThat(WalnutConfig.load(Optional.empty(), Map.of(), Map.of())
                        .retention()
                        .isOff())
                .isTrue();
        WalnutConfig config = WalnutConfig.load(
                Optional.empty(), Map.of(), Map.of(ConfigKey.RETENTION_AGE, "90d", ConfigKey.RETENTION_DISK, "85%"));
        assertThat(config.retention())
                .isEqualTo(new WalnutConfig.RetentionConfig(Optional.of(Duration.ofDays(90)), Optional.of(85)));
        assertThatThrownBy(() -> WalnutConfig.load(
                        Optional.empty(),
                        Map.of(),
                        Map.of(
                                ConfigKey.RETENTION_DISK,
                                "100%",
                                ConfigKey.PIPELINE_WORKERS,
                                "0",
                                ConfigKey.PIPELINE_LEASE,
                                "10ms")))
                .hasMessageContaining("retention.disk")
                .hasMessageContaining("pipeline.workers")
                .hasMessageContaining("pipeline.lease");
    }

    @Test
    void shows_that_a_secret_is_set_but_not_what_it_is() {
        WalnutConfig config = WalnutConfig.load(
                Optional.empty(), Map.of("WALNUT_HTTP_TOKEN", "correct horse battery staple"), Map.of());
        assertThat(config.effectiveValues()).containsEntry("http.token", "********");
        assertThat(config.toString()).doesNotContain("correct horse");
    }
}
