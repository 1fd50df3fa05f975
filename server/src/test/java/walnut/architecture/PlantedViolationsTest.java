package walnut.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule bites: the house {@code planted.walnut} breaks each of them once, and each names the one that breaks it. */
class PlantedViolationsTest {

    private static final HouseRules RULES = new HouseRules("planted.walnut");
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages("planted.walnut");

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void rule_names_the_planted_violation(ArchRule rule, String violation) {
        assertThatThrownBy(() -> rule.check(PLANTED))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("planted.walnut." + violation);
    }

    private static Stream<Arguments> rule_names_the_planted_violation() {
        return Stream.of(
                planted(RULES.volume_depends_on_nothing_of_ours(), "volume.SeesProstate"),
                planted(RULES.failure_depends_on_nothing_of_ours(), "failure.SeesVolume"),
                planted(RULES.digest_depends_on_nothing_of_ours(), "digest.SeesVolume"),
                planted(RULES.dicom_sees_only_dicom_and_leaves(), "dicom.data.SeesProstate"),
                planted(RULES.scp_hands_objects_to_the_store_and_sees_nothing_further(), "dicom.net.scp.SeesProstate"),
                planted(RULES.data_sets_know_no_file_json_pixel_or_network(), "dicom.data.SeesPart10"),
                planted(RULES.part10_stands_on_data_sets_alone(), "dicom.part10.SeesPixels"),
                planted(RULES.reading_does_not_need_the_network(), "dicom.pixel.SeesNetwork"),
                planted(RULES.transport_knows_no_dicom(), "dicom.net.transport.SeesPdu"),
                planted(RULES.pdu_knows_no_association(), "dicom.net.pdu.SeesAssociation"),
                planted(RULES.association_knows_no_message(), "dicom.net.association.SeesMessage"),
                planted(RULES.dimse_knows_no_service(), "dicom.net.dimse.SeesService"),
                planted(RULES.store_sees_only_data_sets_files_and_leaves(), "store.SeesProstate"),
                planted(RULES.prostate_reads_series_from_anywhere(), "prostate.SeesNetwork"),
                planted(RULES.models_see_only_volume_and_leaves(), "models.SeesDicom"),
                planted(RULES.monitoring_depends_on_nothing_of_ours(), "monitoring.SeesVolume"),
                planted(RULES.command_line_is_the_outermost_room(), "server.api.SeesCommandLine"),
                planted(RULES.pages_and_api_never_see_sql(), "server.pages.ImportsSql"),
                planted(RULES.only_models_imports_inference_engines(), "prostate.ImportsOnnxRuntime"),
                planted(RULES.only_monitoring_and_server_import_micrometer(), "models.ImportsMicrometer"),
                planted(RULES.only_server_imports_vertx_web(), "monitoring.ImportsVertxWeb"),
                planted(RULES.only_server_imports_sql(), "store.ImportsSql"),
                planted(RULES.only_transport_imports_netty_and_vertx_internals(), "server.ImportsNetty"),
                planted(RULES.packages_are_free_of_cycles(), "circle"),
                planted(RULES.every_package_is_null_marked(), "unmarked"),
                planted(RULES.only_the_command_line_prints(), "volume.Prints"),
                planted(RULES.the_corridor_computes_reproducibly(), "volume.ComputesPerMachine"),
                planted(RULES.clocks_and_seeds_are_injected(), "store.ReadsTheClock"));
    }

    @Test
    void every_rule_is_planted_and_is_held_against_the_real_house() {
        List<String> rules = Arrays.stream(HouseRules.class.getDeclaredMethods())
                .filter(method -> method.getReturnType() == ArchRule.class && method.getParameterCount() == 0)
                .map(Method::getName)
                .sorted()
                .toList();
        List<String> held = Arrays.stream(ArchitectureTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(ArchTest.class))
                .map(Method::getName)
                .filter(name -> !name.startsWith("the_whole_house") && !name.startsWith("the_plan"))
                .sorted()
                .toList();
        assertThat(held).isEqualTo(rules);
        assertThat(rule_names_the_planted_violation()).hasSameSizeAs(rules);
    }

    private static Arguments planted(ArchRule rule, String violation) {
        return Arguments.of(rule, violation);
    }
}
