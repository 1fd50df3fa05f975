package walnut.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.all;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.lang.AbstractClassesTransformer;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * The arrows of ARCHITECTURE.md for the house whose packages begin with {@code root}.
 *
 * <p>A rule about a room that is not built yet holds ({@code allowEmptyShould}); that every rule can fail is proven on
 * the planted house, not by the presence of classes.
 */
record HouseRules(String root) {

    ArchRule volume_depends_on_nothing_of_ours() {
        return onlySees("volume", "the geometry of space knows neither DICOM nor models", "volume");
    }

    ArchRule failure_depends_on_nothing_of_ours() {
        return onlySees("failure", "every room speaks of failures, so the word itself is a leaf", "failure");
    }

    ArchRule digest_depends_on_nothing_of_ours() {
        return onlySees("digest", "everything is named by a digest, so the digest itself is a leaf", "digest");
    }

    ArchRule dicom_sees_only_dicom_and_leaves() {
        return noClasses()
                .that()
                .resideInAPackage(room("dicom"))
                .and()
                .resideOutsideOfPackage(room("dicom.net.scp"))
                .should()
                .dependOnClassesThat(anyOtherOfOurs("dicom", "digest", "failure"))
                .because("the standard knows nothing of prostates, stores or models")
                .allowEmptyShould(true);
    }

    ArchRule scp_hands_objects_to_the_store_and_sees_nothing_further() {
        return onlySees(
                "dicom.net.scp",
                "the Storage service answers when the store has the object; what follows is not its concern",
                "dicom",
                "store",
                "failure");
    }

    ArchRule data_sets_know_no_file_json_pixel_or_network() {
        return neverSees(
                "dicom.data",
                "data <- part10: a data set does not know where it is kept",
                "dicom.part10",
                "dicom.json",
                "dicom.pixel",
                "dicom.object",
                "dicom.deid",
                "dicom.net");
    }

    ArchRule part10_stands_on_data_sets_alone() {
        return onlySees("dicom.part10", "data <- part10", "dicom.part10", "dicom.data", "failure");
    }

    ArchRule reading_does_not_need_the_network() {
        return noClasses()
                .that()
                .resideInAnyPackage(rooms("dicom.part10", "dicom.json", "dicom.pixel", "dicom.object", "dicom.deid"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(room("dicom.net"))
                .because("files, pixels and objects are the same whoever brought them")
                .allowEmptyShould(true);
    }

    ArchRule transport_knows_no_dicom() {
        return onlySees(
                "dicom.net.transport",
                "it moves bytes; what they mean is read above",
                "dicom.net.transport",
                "failure");
    }

    ArchRule pdu_knows_no_association() {
        return neverSees(
                "dicom.net.pdu",
                "pdu <- association <- dimse <- scp/scu (PS3.8 below PS3.7)",
                "dicom.net.association",
                "dicom.net.dimse",
                "dicom.net.scp",
                "dicom.net.scu");
    }

    ArchRule association_knows_no_message() {
        return neverSees(
                "dicom.net.association",
                "pdu <- association <- dimse <- scp/scu (PS3.8 below PS3.7)",
                "dicom.net.dimse",
                "dicom.net.scp",
                "dicom.net.scu");
    }

    ArchRule dimse_knows_no_service() {
        return neverSees(
                "dicom.net.dimse",
                "pdu <- association <- dimse <- scp/scu (PS3.7 below PS3.4)",
                "dicom.net.scp",
                "dicom.net.scu");
    }

    ArchRule store_sees_only_data_sets_files_and_leaves() {
        return onlySees(
                "store",
                "it keeps objects of any body part, whoever brought them",
                "store",
                "dicom.data",
                "dicom.part10",
                "dicom.pixel",
                "digest",
                "failure");
    }

    ArchRule prostate_reads_series_from_anywhere() {
        return neverSees("prostate", "series come from a folder or a node alike", "dicom.net", "store");
    }

    ArchRule models_see_only_volume_and_leaves() {
        return onlySees(
                "models",
                "a model maps volumes to findings; DICOM stays outside",
                "models",
                "volume",
                "digest",
                "failure");
    }

    ArchRule monitoring_depends_on_nothing_of_ours() {
        return onlySees("monitoring", "statistics take numbers; the server brings them", "monitoring");
    }

    ArchRule command_line_is_the_outermost_room() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(room("server.cli"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(room("server.cli"))
                .because("commands call the house, the house does not know its commands")
                .allowEmptyShould(true);
    }

    ArchRule pages_and_api_never_see_sql() {
        return noClasses()
                .that()
                .resideInAnyPackage(rooms("server.api", "server.pages"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(SQL)
                        .or(resideInAPackage(room("server.database")))
                        .as("SQL or server.database"))
                .because("they ask interfaces that the server wires")
                .allowEmptyShould(true);
    }

    ArchRule only_models_imports_inference_engines() {
        return onlyRoomsImport("DJL or ONNX Runtime", new String[] {"ai.djl..", "ai.onnxruntime.."}, "models");
    }

    ArchRule only_monitoring_and_server_import_micrometer() {
        return onlyRoomsImport(
                "Micrometer", new String[] {"io.micrometer..", "io.vertx.micrometer.."}, "monitoring", "server");
    }

    ArchRule only_server_imports_vertx_web() {
        return onlyRoomsImport("vertx-web", new String[] {"io.vertx.ext.web.."}, "server");
    }

    ArchRule only_server_imports_sql() {
        return onlyRoomsImport("SQL", SQL, "server");
    }

    ArchRule only_transport_imports_netty_and_vertx_internals() {
        return onlyRoomsImport(
                "Netty or Vert.x internals",
                new String[] {"io.netty..", "io.vertx.core.internal..", "io.vertx.core..impl.."},
                "dicom.net.transport");
    }

    ArchRule packages_are_free_of_cycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true);
    }

    ArchRule every_package_is_null_marked() {
        return all(packages()).should(beNullMarked()).allowEmptyShould(true);
    }

    ArchRule only_the_command_line_prints() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(room("server.cli"))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("stdout belongs to one JSON document; everything else is a log")
                .allowEmptyShould(true);
    }

    ArchRule the_corridor_computes_reproducibly() {
        return noClasses()
                .that()
                .resideInAnyPackage(rooms("volume", "dicom.pixel", "prostate", "models"))
                .should()
                .callMethodWhere(differsBetweenMachines())
                .because("only IEEE basics, sqrt, fma and StrictMath give the same bits everywhere")
                .allowEmptyShould(true);
    }

    ArchRule clocks_and_seeds_are_injected() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(room("server.cli"), room("server.config"))
                .should()
                .callMethodWhere(readsTheWallClock())
                .orShould()
                .callConstructor(java.util.Random.class)
                .orShould()
                .callMethod(Math.class, "random")
                .because("a test and a replay choose the time and the seed")
                .allowEmptyShould(true);
    }

    private static final String[] SQL = {
        "java.sql..",
        "javax.sql..",
        "org.jdbi..",
        "org.flywaydb..",
        "com.zaxxer.hikari..",
        "org.sqlite..",
        "org.postgresql.."
    };

    /** {@code room} and all packages below it. */
    private String room(String room) {
        return root + "." + room + "..";
    }

    private String[] rooms(String... rooms) {
        return Stream.of(rooms).map(this::room).toArray(String[]::new);
    }

    /** Of our own packages, {@code room} sees these and no other; libraries are fenced by their own rules. */
    private ArchRule onlySees(String room, String reason, String... visible) {
        return noClasses()
                .that()
                .resideInAPackage(room(room))
                .should()
                .dependOnClassesThat(anyOtherOfOurs(visible))
                .because(reason)
                .allowEmptyShould(true);
    }

    private DescribedPredicate<JavaClass> anyOtherOfOurs(String... visible) {
        return resideInAPackage(root + "..")
                .and(DescribedPredicate.not(resideInAnyPackage(rooms(visible))))
                .as("are ours in any other room than " + String.join(", ", visible));
    }

    private ArchRule neverSees(String room, String reason, String... hidden) {
        return noClasses()
                .that()
                .resideInAPackage(room(room))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(rooms(hidden))
                .because(reason)
                .allowEmptyShould(true);
    }

    private ArchRule onlyRoomsImport(String library, String[] packages, String... allowed) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(rooms(allowed))
                .should()
                .dependOnClassesThat(resideInAnyPackage(packages).as(library))
                .because("a library that one room owns can be replaced there")
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaCall<?>> readsTheWallClock() {
        return DescribedPredicate.describe(
                "read the wall clock",
                call -> call.getTarget().getRawParameterTypes().isEmpty()
                        && ((call.getTargetOwner().getPackageName().equals("java.time")
                                        && call.getName().equals("now"))
                                || (call.getTargetOwner().isEquivalentTo(System.class)
                                        && call.getName().equals("currentTimeMillis"))));
    }

    /** {@link Math} may answer these with an intrinsic that is exact to one unit in the last place, not to the bit. */
    private static DescribedPredicate<JavaCall<?>> differsBetweenMachines() {
        Set<String> inexact = Set.of(
                "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "exp", "expm1", "log",
                "log10", "log1p", "pow", "cbrt", "hypot");
        return DescribedPredicate.describe(
                "are functions of Math that may differ between machines",
                call -> call.getTargetOwner().isEquivalentTo(Math.class) && inexact.contains(call.getName()));
    }

    private static AbstractClassesTransformer<JavaPackage> packages() {
        return new AbstractClassesTransformer<>("packages") {
            @Override
            public Iterable<JavaPackage> doTransform(JavaClasses classes) {
                return packagesOf(classes);
            }
        };
    }

    /** The packages that somebody wrote; those that a template compiler writes have no package-info.java. */
    static Set<JavaPackage> packagesOf(JavaClasses classes) {
        Set<JavaPackage> packages = new LinkedHashSet<>();
        classes.forEach(type -> packages.add(type.getPackage()));
        packages.removeIf(each -> each.getRelativeName().equals("generated"));
        return packages;
    }

    private static ArchCondition<JavaPackage> beNullMarked() {
        return new ArchCondition<>("be @NullMarked in a package-info.java that says what the package is for") {
            @Override
            public void check(JavaPackage item, ConditionEvents events) {
                boolean marked = item.tryGetPackageInfo()
                        .map(info -> info.isAnnotatedWith(NullMarked.class))
                        .orElse(false);
                events.add(new SimpleConditionEvent(item, marked, item.getName() + " is not @NullMarked"));
            }
        };
    }
}
