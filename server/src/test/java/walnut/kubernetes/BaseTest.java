package walnut.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import walnut.server.config.ConfigKey;
import walnut.server.config.WalnutConfig;

/** The kustomize base says what Kubernetes knows and what Walnut means. Nothing here needs a cluster. */
class BaseTest {

    private final Deployment deployment = Manifests.read("deployment.yaml", Deployment.class);
    private final ConfigMap configMap = Manifests.read("configmap.yaml", ConfigMap.class);
    private final Service service = Manifests.read("service.yaml", Service.class);
    private final NetworkPolicy networkPolicy = Manifests.read("networkpolicy.yaml", NetworkPolicy.class);
    private final PersistentVolumeClaim claim =
            Manifests.read("persistentvolumeclaim.yaml", PersistentVolumeClaim.class);

    private final PodSpec pod = deployment.getSpec().getTemplate().getSpec();
    private final Container container = pod.getContainers().get(0);

    @ParameterizedTest
    @MethodSource("walnut.kubernetes.Manifests#resources")
    void every_manifest_has_only_fields_that_kubernetes_knows(String fileName) {
        assertThatCode(() -> Manifests.parse(Manifests.text(fileName))).doesNotThrowAnyException();
    }

    @Test
    void kustomization_lists_every_manifest_and_has_only_known_fields() throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(Manifests.BASE)) {
            List<String> manifests = files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("kustomization.yaml"))
                    .toList();
            assertThat(Manifests.resources()).containsExactlyInAnyOrderElementsOf(manifests);
        }
        assertThat(Manifests.yaml(Manifests.text("kustomization.yaml")))
                .containsOnlyKeys("apiVersion", "kind", "resources", "images")
                .containsEntry("kind", "Kustomization");
    }

    @ParameterizedTest
    @CsvSource({
        "terminationGracePeriodSeconds, terminationGracePeriodSecond",
        "readOnlyRootFilesystem, readonlyRootFilesystem",
        "secretKeyRef, secretKeyReference",
        "failureThreshold, failureTreshold",
    })
    void a_misspelt_field_is_refused_by_name(String field, String misspelt) {
        String yaml = Manifests.text("deployment.yaml");
        assertThat(yaml).contains(field + ":");
        assertThatThrownBy(() -> Manifests.parse(yaml.replace(field + ":", misspelt + ":")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(misspelt);
    }

    @Test
    void a_number_where_kubernetes_wants_a_string_is_refused() {
        String yaml = Manifests.text("configmap.yaml");
        assertThatThrownBy(() -> Manifests.parse(yaml.replace("\"11112\"", "11112")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("WALNUT_DICOM_PORT");
    }

    @Test
    void walnut_accepts_the_configuration_that_the_pod_hands_it() {
        WalnutConfig config = config();
        assertThat(config.dicom().callers()).isNotEmpty();
        assertThat(config.http().token()).isPresent();
        assertThat(port("dicom")).isEqualTo(config.dicom().port());
        assertThat(port("http")).isEqualTo(config.http().port());
    }

    @Test
    void every_variable_of_the_pod_is_a_key_of_the_configuration() {
        List<String> known = Stream.of(ConfigKey.values())
                .map(ConfigKey::environmentVariable)
                .toList();
        assertThat(environment().keySet()).isSubsetOf(known);
        assertThat(pod.getEnableServiceLinks())
                .as("Kubernetes would add WALNUT_SERVICE_HOST and others, which Walnut refuses")
                .isFalse();
    }

    @Test
    void without_callers_the_same_configuration_is_refused() {
        Map<String, String> environment = environment();
        environment.remove("WALNUT_DICOM_CALLERS");
        assertThatThrownBy(() -> WalnutConfig.load(Optional.empty(), environment, Map.of()))
                .hasMessageContaining("not loopback");
    }

    @Test
    void the_token_comes_from_a_secret_that_is_not_committed() {
        EnvVar token = container.getEnv().stream()
                .filter(variable -> variable.getName().equals("WALNUT_HTTP_TOKEN"))
                .findFirst()
                .orElseThrow();
        assertThat(token.getValue()).isNull();
        assertThat(token.getValueFrom().getSecretKeyRef().getName()).isEqualTo("walnut-http");
        assertThat(Manifests.resources()).noneMatch(name -> name.contains("secret"));
    }

    @Test
    void the_data_directory_lies_on_the_claim_and_the_rest_of_the_image_is_read_only() {
        String dataDir = config().dataDir().toString();
        VolumeMount mount = container.getVolumeMounts().stream()
                .filter(m -> m.getMountPath().equals(dataDir))
                .findFirst()
                .orElseThrow();
        Volume volume = pod.getVolumes().stream()
                .filter(v -> v.getName().equals(mount.getName()))
                .findFirst()
                .orElseThrow();
        assertThat(volume.getPersistentVolumeClaim().getClaimName())
                .isEqualTo(claim.getMetadata().getName());
        assertThat(claim.getSpec().getAccessModes()).containsExactly("ReadWriteOnce");
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .contains("/tmp", dataDir + "/native");
    }

    @Test
    void runs_without_privileges() {
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    }

    @Test
    void one_process_at_a_time_owns_the_volume() {
        assertThat(deployment.getSpec().getReplicas()).isEqualTo(1);
        assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("Recreate");
        assertThat(container.getResources().getLimits()).containsKey("memory");
    }

    @Test
    void probes_ask_the_health_endpoints_on_the_http_port() {
        assertThat(probed(container.getStartupProbe())).isEqualTo("http /health/live");
        assertThat(probed(container.getLivenessProbe())).isEqualTo("http /health/live");
        assertThat(probed(container.getReadinessProbe())).isEqualTo("http /health/ready");
    }

    @Test
    void service_and_policy_select_the_pod_and_name_its_ports() {
        Map<String, String> labels =
                deployment.getSpec().getTemplate().getMetadata().getLabels();
        assertThat(deployment.getSpec().getSelector().getMatchLabels()).isEqualTo(labels);
        assertThat(service.getSpec().getSelector()).isEqualTo(labels);
        assertThat(networkPolicy.getSpec().getPodSelector().getMatchLabels()).isEqualTo(labels);

        assertThat(service.getSpec().getPorts()).allSatisfy(port -> {
            assertThat(port.getTargetPort().getStrVal()).isEqualTo(port.getName());
            assertThat(port.getPort()).isEqualTo(port(port.getName()));
        });
        assertThat(networkPolicy.getSpec().getIngress())
                .flatExtracting(rule -> rule.getPorts())
                .extracting(port -> port.getPort().getStrVal())
                .containsExactlyInAnyOrder("dicom", "http");
        assertThat(networkPolicy.getSpec().getIngress())
                .allSatisfy(rule -> assertThat(rule.getFrom()).isNotEmpty());
        assertThat(networkPolicy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
    }

    @Test
    void prometheus_is_told_the_http_port_and_path() {
        assertThat(deployment.getSpec().getTemplate().getMetadata().getAnnotations())
                .containsEntry(
                        "prometheus.io/port", Integer.toString(config().http().port()))
                .containsEntry("prometheus.io/path", "/metrics")
                .containsEntry("prometheus.io/scrape", "true");
    }

    @Test
    void all_objects_carry_the_same_name_label() {
        assertThat(Manifests.resources().stream().map(Manifests::text).map(Manifests::parse))
                .extracting(HasMetadata::getMetadata)
                .allSatisfy(
                        metadata -> assertThat(metadata.getLabels()).containsEntry("app.kubernetes.io/name", "walnut"));
    }

    private WalnutConfig config() {
        return WalnutConfig.load(Optional.empty(), environment(), Map.of());
    }

    /** What the container sees, with a token where the Secret would put one. */
    private Map<String, String> environment() {
        assertThat(container.getEnvFrom().get(0).getConfigMapRef().getName())
                .isEqualTo(configMap.getMetadata().getName());
        Map<String, String> environment = new HashMap<>(configMap.getData());
        environment.putAll(container.getEnv().stream()
                .collect(Collectors.toMap(EnvVar::getName, variable -> "a-token-of-more-than-sixteen")));
        return environment;
    }

    private int port(String name) {
        return container.getPorts().stream()
                .filter(port -> port.getName().equals(name))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElseThrow();
    }

    private static String probed(Probe probe) {
        return probe.getHttpGet().getPort().getStrVal() + " "
                + probe.getHttpGet().getPath();
    }
}
