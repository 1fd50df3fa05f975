package walnut.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What one {@code mvn verify} ran, over all modules, read from the reports that Surefire and Failsafe leave: how many
 * tests, and which were skipped for want of which peer.
 *
 * <p>A test is skipped for a peer when {@link Peers} or {@link SharedData} skipped it, and for {@code other} when a
 * condition or {@code @Disabled} did.
 */
record TestRun(List<TestCase> cases) {

    enum Outcome {
        PASSED,
        FAILED,
        SKIPPED
    }

    /** @param skippedFor the peer that was wanted; empty unless skipped */
    record TestCase(String className, String name, Outcome outcome, String skippedFor) {}

    private static final Pattern SKIPPED_FOR = Pattern.compile(SkippedFor.PREFIX + "(\\S+)");

    /**
     * Run by the last module in its phase {@code verify}. Fails the build when no test ran or a required peer was not
     * there, and prints the closing lines when Maven itself has finished, below its own summary.
     *
     * @param args root of the build; its start, ISO-8601, so that reports of earlier builds do not count; then the
     *     required peers, comma-separated, if any
     */
    public static void main(String[] args) {
        TestRun run = read(Path.of(args[0]), Instant.parse(args[1]));
        String closingLines = run.closingLine() + System.lineSeparator() + run.plainLine();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(rootGroup(), () -> System.out.println(closingLines), "closing-line"));
        List<String> problems = run.problems(Peers.named(args.length > 2 && args[2] != null ? args[2] : ""));
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join("; ", problems));
        }
    }

    /** The plugin that calls us destroys its own thread group, and a thread of a destroyed group never starts. */
    private static ThreadGroup rootGroup() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    static TestRun read(Path root, Instant since) {
        try (Stream<Path> modules = Files.list(root)) {
            return new TestRun(modules.filter(module -> Files.exists(module.resolve("pom.xml")))
                    .sorted()
                    .flatMap(module -> casesOf(module, since).stream())
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<TestCase> casesOf(Path module, Instant since) {
        List<TestCase> cases = Stream.of("surefire-reports", "failsafe-reports")
                .map(reports -> module.resolve("target").resolve(reports))
                .filter(Files::isDirectory)
                .flatMap(TestRun::reportsIn)
                .filter(report -> writtenSince(report, since))
                .flatMap(report -> readReport(report).stream())
                .collect(Collectors.toCollection(ArrayList::new));
        SkippedFor.readAll(module, since).stream()
                .filter(skip -> cases.stream()
                        .noneMatch(
                                test -> test.className.equals(skip.className()) && test.skippedFor.equals(skip.peer())))
                .map(skip -> new TestCase(skip.className(), "", Outcome.SKIPPED, skip.peer()))
                .toList()
                .forEach(cases::add);
        return cases;
    }

    /** For a person: {@code 120 tests ran, 3 skipped (for chromium 2: CasePageIT; for dcmtk 1: StoreTest)}. */
    String closingLine() {
        Map<String, List<TestCase>> byPeer = cases.stream()
                .filter(test -> test.outcome == Outcome.SKIPPED)
                .collect(Collectors.groupingBy(TestCase::skippedFor, TreeMap::new, Collectors.toList()));
        String skipped = byPeer.entrySet().stream()
                .map(peer -> "for " + peer.getKey() + " " + peer.getValue().size() + ": " + classNames(peer.getValue()))
                .collect(Collectors.joining("; "));
        return ran() + " tests ran, " + count(Outcome.SKIPPED) + " skipped"
                + (skipped.isEmpty() ? "" : " (" + skipped + ")");
    }

    /** For a machine. */
    String plainLine() {
        return count(Outcome.PASSED) + " passed, " + count(Outcome.FAILED) + " failed, " + count(Outcome.SKIPPED)
                + " skipped";
    }

    /** Why this run proves nothing, or less than was asked; empty when it is sound. */
    List<String> problems(Set<String> requiredPeers) {
        List<String> problems = new ArrayList<>();
        if (ran() == 0) {
            problems.add("no test ran");
        }
        requiredPeers.stream().sorted().forEach(peer -> {
            List<TestCase> skipped = cases.stream()
                    .filter(test -> test.outcome == Outcome.SKIPPED && test.skippedFor.equals(peer))
                    .toList();
            if (!skipped.isEmpty()) {
                problems.add(peer + " is required, but skipped were " + classNames(skipped));
            }
        });
        return problems;
    }

    private long ran() {
        return cases.size() - count(Outcome.SKIPPED);
    }

    private long count(Outcome outcome) {
        return cases.stream().filter(test -> test.outcome == outcome).count();
    }

    private static String classNames(List<TestCase> tests) {
        return tests.stream()
                .map(test -> test.className.substring(test.className.lastIndexOf('.') + 1))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static Stream<Path> reportsIn(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean writtenSince(Path file, Instant since) {
        try {
            return !Files.getLastModifiedTime(file).toInstant().isBefore(since);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<TestCase> readReport(Path report) {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        List<TestCase> cases = new ArrayList<>();
        try (InputStream in = Files.newInputStream(report)) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("testcase")) {
                    cases.add(readCase(xml));
                }
            }
        } catch (XMLStreamException e) {
            throw new IllegalStateException(report.getFileName() + " is not a test report: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    /** From the start of a {@code testcase} to its end. */
    private static TestCase readCase(XMLStreamReader xml) throws XMLStreamException {
        String className = xml.getAttributeValue(null, "classname");
        String name = xml.getAttributeValue(null, "name");
        Outcome outcome = Outcome.PASSED;
        String skippedFor = "";
        while (!(xml.next() == XMLStreamConstants.END_ELEMENT
                && xml.getLocalName().equals("testcase"))) {
            if (xml.getEventType() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            if (Set.of("failure", "error").contains(xml.getLocalName())) {
                outcome = Outcome.FAILED;
            } else if (xml.getLocalName().equals("skipped")) {
                outcome = Outcome.SKIPPED;
                // An abort has its reason in the text, @Disabled in the attribute.
                skippedFor = peerIn(xml.getAttributeValue(null, "message") + " " + xml.getElementText());
            }
        }
        return new TestCase(className, name, outcome, skippedFor);
    }

    private static String peerIn(String reason) {
        Matcher peer = SKIPPED_FOR.matcher(reason);
        return peer.find() ? peer.group(1) : "other";
    }
}
