package walnut.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestRunTest {

    private static final Instant BUILD_START = Instant.parse("2026-11-22T01:00:00Z");

    @TempDir
    Path root;

    @BeforeEach
    void two_modules() throws IOException {
        Files.createDirectories(root.resolve("dicom-io/target/surefire-reports"));
        Files.createDirectories(root.resolve("server/target/failsafe-reports"));
        Files.createFile(root.resolve("dicom-io/pom.xml"));
        Files.createFile(root.resolve("server/pom.xml"));
    }

    @Test
    void adds_up_modules_and_names_the_peers_that_were_missed() throws IOException {
        report("dicom-io/target/surefire-reports/TEST-a.xml", """
                <testcase name="reads" classname="walnut.dicom.ReaderTest"/>
                <testcase name="loses" classname="walnut.dicom.ReaderTest"><failure message="no">trace</failure></testcase>
                <testcase name="breaks" classname="walnut.dicom.ReaderTest"><error message="no">trace</error></testcase>
                <testcase name="asks" classname="walnut.dicom.StoreTest"><skipped message="skipped-for:dcmtk program not found: storescu"/></testcase>
                """);
        report("server/target/failsafe-reports/TEST-b.xml", """
                <testcase name="looks" classname="walnut.server.PageIT">
                  <skipped type="org.opentest4j.TestAbortedException"><![CDATA[org.opentest4j.TestAbortedException: skipped-for:chromium program not found: chromium
                	at somewhere]]></skipped>
                  <system-out>said something</system-out>
                </testcase>
                <testcase name="looks_again" classname="walnut.server.PageIT"><skipped message="skipped-for:chromium"/></testcase>
                <testcase name="waits" classname="walnut.server.LaterIT"><skipped message="not yet"/></testcase>
                """);

        TestRun run = TestRun.read(root, BUILD_START);

        assertThat(run.closingLine())
                .isEqualTo(
                        "3 tests ran, 4 skipped (for chromium 2: PageIT; for dcmtk 1: StoreTest; for other 1: LaterIT)");
        assertThat(run.plainLine()).isEqualTo("1 passed, 2 failed, 4 skipped");
    }

    @Test
    void a_run_without_a_test_is_a_problem() throws IOException {
        assertThat(TestRun.read(root, BUILD_START).problems(Set.of())).containsExactly("no test ran");

        report(
                "dicom-io/target/surefire-reports/TEST-a.xml",
                "<testcase name='asks' classname='A'><skipped message='skipped-for:dcmtk x'/></testcase>");
        assertThat(TestRun.read(root, BUILD_START).problems(Set.of())).containsExactly("no test ran");
    }

    @Test
    void a_required_peer_that_was_skipped_is_a_problem() throws IOException {
        report("dicom-io/target/surefire-reports/TEST-a.xml", """
                <testcase name="reads" classname="walnut.dicom.ReaderTest"/>
                <testcase name="asks" classname="walnut.dicom.StoreTest"><skipped message="skipped-for:dcmtk x"/></testcase>
                """);
        TestRun run = TestRun.read(root, BUILD_START);
        assertThat(run.problems(Set.of("dcmtk", "chromium")))
                .containsExactly("dcmtk is required, but skipped were StoreTest");
        assertThat(run.problems(Set.of("chromium"))).isEmpty();
    }

    @Test
    void a_class_that_skipped_before_its_first_test_is_counted_by_its_note() throws IOException {
        report("server/target/failsafe-reports/TEST-b.xml", """
                <testcase name="looks" classname="walnut.PageIT"><skipped message="skipped-for:chromium x"/></testcase>
                """);
        note("walnut.PageIT", "chromium");
        note("walnut.EchoIT", "dcmtk");

        assertThat(TestRun.read(root, BUILD_START).closingLine())
                .isEqualTo("0 tests ran, 2 skipped (for chromium 1: PageIT; for dcmtk 1: EchoIT)");
    }

    @Test
    void reports_of_an_earlier_build_do_not_count() throws IOException {
        Path stale = report(
                "dicom-io/target/surefire-reports/TEST-a.xml",
                "<testcase name='reads' classname='walnut.RenamedTest'/>");
        Files.setLastModifiedTime(stale, FileTime.from(BUILD_START.minusSeconds(1)));
        assertThat(TestRun.read(root, BUILD_START).cases()).isEmpty();
    }

    private void note(String className, String peer) throws IOException {
        Path folder = Files.createDirectories(root.resolve("server/target/skipped-for"));
        Path note = Files.writeString(folder.resolve(className + "-" + peer), className + "\n" + peer + "\n");
        Files.setLastModifiedTime(note, FileTime.from(BUILD_START.plusSeconds(60)));
    }

    private Path report(String path, String cases) throws IOException {
        Path report = Files.writeString(
                root.resolve(path), "<?xml version=\"1.0\"?><testsuite name=\"s\">" + cases + "</testsuite>");
        Files.setLastModifiedTime(report, FileTime.from(BUILD_START.plusSeconds(60)));
        return report;
    }
}
