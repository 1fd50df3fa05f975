package walnut.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import walnut.server.config.ConfigKey;
import walnut.testing.Peers;

/** The overlay for PostgreSQL, built: what Kubernetes would be given is what it knows and what several nodes need. */
class OverlayTest {
    private static final Path OVERLAY = Path.of("..", "k8s", "overlays", "postgresql");

    private final List<ObjectNode> built = Kustomization.build(OVERLAY);
    private final StatefulSet nodes = object("StatefulSet", "walnut", StatefulSet.class);
    private final Container container =
            nodes.getSpec().getTemplate().getSpec().getContainers().get(0);

    private <T extends HasMetadata> T object(String kind, String name, Class<T> type) {
        return type.cast(Manifests.parse(Kustomization.find(built, kind, name).orElseThrow()));
    }

    @Test
    void every_object_has_only_fields_that_kubernetes_knows() {
        assertThat(built).hasSize(6);
        assertThat(built).allSatisfy(object -> assertThatCode(() -> Manifests.parse(object))
                .doesNotThrowAnyException());
    }

    @ParameterizedTest
    @CsvSource({
        "/spec, podManagementPolicy, podManagmentPolicy",
        "/spec, updateStrategy, updatestrategy",
        "/spec, serviceName, service",
        "/spec/template/spec, enableServiceLinks, enableServiceLink",
    })
    void a_misspelt_field_is_refused_by_name(String parent, String field, String misspelt) {
        ObjectNode statefulSet =
                Kustomization.find(built, "StatefulSet", "walnut").orElseThrow();
        ObjectNode holder = (ObjectNode) statefulSet.at(parent);
        holder.set(misspelt, holder.remove(field));

        assertThatThrownBy(() -> Manifests.parse(statefulSet))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(misspelt);
    }

    @Test
    void a_patch_that_meets_nothing_is_refused() {
        JsonNode remove = Kustomization.yaml("[{op: remove, path: /spec/strategies}]");

        assertThatThrownBy(() -> Kustomization.apply(
                        Kustomization.yaml("{target: {kind: StatefulSet, name: walnut}}"), remove, built))
                .hasMessageContaining("nothing is at /spec/strategies");
        assertThatThrownBy(() -> Kustomization.apply(
                        Kustomization.yaml("{target: {kind: Deployment, name: walnut}}"), remove, built))
                .hasMessageContaining("meets no object");
    }

    @Test
    void several_nodes_are_renewed_one_after_the_other_under_names_that_last() {
        assertThat(nodes.getSpec().getReplicas()).isGreaterThan(1);
        assertThat(nodes.getSpec().getUpdateStrategy().getType()).isEqualTo("RollingUpdate");
        assertThat(variable("WALNUT_NODE_NAME").getValueFrom().getFieldRef().getFieldPath())
                .isEqualTo("metadata.name");
        Service named = object("Service", nodes.getSpec().getServiceName(), Service.class);
        assertThat(named.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(named.getSpec().getSelector())
                .isEqualTo(nodes.getSpec().getSelector().getMatchLabels());
    }

    @Test
    void no_node_shares_the_volume_of_a_sqlite_file() {
        assertThat(Kustomization.find(built, "Deployment", "walnut")).isEmpty();
        assertThat(Kustomization.find(built, "PersistentVolumeClaim", "walnut-data"))
                .isEmpty();
        ConfigMap configuration = object("ConfigMap", "walnut", ConfigMap.class);
        assertThat(configuration.getData().get("WALNUT_DATABASE_URL")).startsWith("jdbc:postgresql://");
        String claim = nodes.getSpec()
                .getTemplate()
                .getSpec()
                .getVolumes()
                .get(0)
                .getPersistentVolumeClaim()
                .getClaimName();
        assertThat(object("PersistentVolumeClaim", claim, PersistentVolumeClaim.class)
                        .getSpec()
                        .getAccessModes())
                .containsExactly("ReadWriteMany");
    }

    @Test
    void secrets_are_referred_to_and_not_committed() {
        for (String secret : List.of("WALNUT_HTTP_TOKEN", "WALNUT_DATABASE_PASSWORD")) {
            assertThat(variable(secret).getValue()).isNull();
            assertThat(variable(secret).getValueFrom().getSecretKeyRef().getName())
                    .isNotBlank();
        }
        assertThat(built).noneMatch(object -> object.path("kind").asText().equals("Secret"));
    }

    @Test
    void the_database_and_names_are_all_that_may_be_reached() {
        NetworkPolicy policy = object("NetworkPolicy", "walnut", NetworkPolicy.class);

        assertThat(policy.getSpec().getEgress())
                .flatExtracting(rule -> rule.getPorts())
                .extracting(port -> port.getPort().getIntVal())
                .containsExactly(5432, 53, 53);
        assertThat(policy.getSpec().getEgress())
                .allSatisfy(rule -> assertThat(rule.getTo()).isNotEmpty());
    }

    @Test
    void every_variable_of_the_pod_is_a_key_of_the_configuration() {
        Set<String> known = new HashSet<>(Stream.of(ConfigKey.values())
                .map(ConfigKey::environmentVariable)
                .toList());
        Set<String> used = new HashSet<>(
                object("ConfigMap", "walnut", ConfigMap.class).getData().keySet());
        container.getEnv().forEach(variable -> used.add(variable.getName()));
        assertThat(known).containsAll(used);
    }

    @Test
    void kubectl_builds_the_same() throws Exception {
        Path kubectl = Peers.require("kubectl", "kubectl");
        for (Path folder : List.of(Manifests.BASE, OVERLAY)) {
            Process process = new ProcessBuilder(kubectl.toString(), "kustomize", folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String yaml = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();

            List<JsonNode> theirs =
                    Stream.of(yaml.split("\n---\n")).map(Kustomization::yaml).toList();
            assertThat(theirs).containsExactlyInAnyOrderElementsOf(Kustomization.build(folder));
        }
    }

    private EnvVar variable(String name) {
        return container.getEnv().stream()
                .filter(variable -> variable.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
