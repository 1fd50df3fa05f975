package walnut.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Holds the house against its plan.
 *
 * <p>Rules are methods, not fields: one Surefire release skips {@code @ArchTest} fields without a word.
 */
@AnalyzeClasses(packages = "walnut", importOptions = ArchitectureTest.ProductionClasses.class)
class ArchitectureTest {

    private static final HouseRules RULES = new HouseRules("walnut");

    @ArchTest
    void the_whole_house_was_read(JavaClasses classes) {
        assertThat(classes).hasSizeGreaterThan(400);
        assertThat(List.of(
                        "walnut.dicom.net.scp",
                        "walnut.models.inference",
                        "walnut.monitoring.statistic",
                        "walnut.server.cli"))
                .allMatch(classes::containPackage);
    }

    /** ARCHITECTURE.md names every room: one that is missing there was built without a plan. */
    @ArchTest
    void the_plan_names_every_room(JavaClasses classes) throws IOException {
        String plan = Files.readString(Path.of("..", "ARCHITECTURE.md"));
        assertThat(HouseRules.packagesOf(classes))
                .extracting(JavaPackage::getRelativeName)
                .allMatch(room -> Pattern.compile("[`.{ ]" + room + "[`,} ]")
                        .matcher(plan)
                        .find());
    }

    @ArchTest
    void volume_depends_on_nothing_of_ours(JavaClasses classes) {
        RULES.volume_depends_on_nothing_of_ours().check(classes);
    }

    @ArchTest
    void failure_depends_on_nothing_of_ours(JavaClasses classes) {
        RULES.failure_depends_on_nothing_of_ours().check(classes);
    }

    @ArchTest
    void digest_depends_on_nothing_of_ours(JavaClasses classes) {
        RULES.digest_depends_on_nothing_of_ours().check(classes);
    }

    @ArchTest
    void dicom_sees_only_dicom_and_leaves(JavaClasses classes) {
        RULES.dicom_sees_only_dicom_and_leaves().check(classes);
    }

    @ArchTest
    void scp_hands_objects_to_the_store_and_sees_nothing_further(JavaClasses classes) {
        RULES.scp_hands_objects_to_the_store_and_sees_nothing_further().check(classes);
    }

    @ArchTest
    void data_sets_know_no_file_json_pixel_or_network(JavaClasses classes) {
        RULES.data_sets_know_no_file_json_pixel_or_network().check(classes);
    }

    @ArchTest
    void part10_stands_on_data_sets_alone(JavaClasses classes) {
        RULES.part10_stands_on_data_sets_alone().check(classes);
    }

    @ArchTest
    void reading_does_not_need_the_network(JavaClasses classes) {
        RULES.reading_does_not_need_the_network().check(classes);
    }

    @ArchTest
    void transport_knows_no_dicom(JavaClasses classes) {
        RULES.transport_knows_no_dicom().check(classes);
    }

    @ArchTest
    void pdu_knows_no_association(JavaClasses classes) {
        RULES.pdu_knows_no_association().check(classes);
    }

    @ArchTest
    void association_knows_no_message(JavaClasses classes) {
        RULES.association_knows_no_message().check(classes);
    }

    @ArchTest
    void dimse_knows_no_service(JavaClasses classes) {
        RULES.dimse_knows_no_service().check(classes);
    }

    @ArchTest
    void store_sees_only_data_sets_files_and_leaves(JavaClasses classes) {
        RULES.store_sees_only_data_sets_files_and_leaves().check(classes);
    }

    @ArchTest
    void prostate_reads_series_from_anywhere(JavaClasses classes) {
        RULES.prostate_reads_series_from_anywhere().check(classes);
    }

    @ArchTest
    void models_see_only_volume_and_leaves(JavaClasses classes) {
        RULES.models_see_only_volume_and_leaves().check(classes);
    }

    @ArchTest
    void monitoring_depends_on_nothing_of_ours(JavaClasses classes) {
        RULES.monitoring_depends_on_nothing_of_ours().check(classes);
    }

    @ArchTest
    void command_line_is_the_outermost_room(JavaClasses classes) {
        RULES.command_line_is_the_outermost_room().check(classes);
    }

    @ArchTest
    void pages_and_api_never_see_sql(JavaClasses classes) {
        RULES.pages_and_api_never_see_sql().check(classes);
    }

    @ArchTest
    void only_models_imports_inference_engines(JavaClasses classes) {
        RULES.only_models_imports_inference_engines().check(classes);
    }

    @ArchTest
    void only_monitoring_and_server_import_micrometer(JavaClasses classes) {
        RULES.only_monitoring_and_server_import_micrometer().check(classes);
    }

    @ArchTest
    void only_server_imports_vertx_web(JavaClasses classes) {
        RULES.only_server_imports_vertx_web().check(classes);
    }

    @ArchTest
    void only_server_imports_sql(JavaClasses classes) {
        RULES.only_server_imports_sql().check(classes);
    }

    @ArchTest
    void only_transport_imports_netty_and_vertx_internals(JavaClasses classes) {
        RULES.only_transport_imports_netty_and_vertx_internals().check(classes);
    }

    @ArchTest
    void packages_are_free_of_cycles(JavaClasses classes) {
        RULES.packages_are_free_of_cycles().check(classes);
    }

    @ArchTest
    void every_package_is_null_marked(JavaClasses classes) {
        RULES.every_package_is_null_marked().check(classes);
    }

    @ArchTest
    void only_the_command_line_prints(JavaClasses classes) {
        RULES.only_the_command_line_prints().check(classes);
    }

    @ArchTest
    void the_corridor_computes_reproducibly(JavaClasses classes) {
        RULES.the_corridor_computes_reproducibly().check(classes);
    }

    @ArchTest
    void clocks_and_seeds_are_injected(JavaClasses classes) {
        RULES.clocks_and_seeds_are_injected().check(classes);
    }

    /** Main classes of all four modules, from folders or from the reactor's jars; neither tests nor test support. */
    static final class ProductionClasses implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return ImportOption.Predefined.DO_NOT_INCLUDE_TESTS.includes(location) && !location.contains("-tests.jar");
        }
    }
}
