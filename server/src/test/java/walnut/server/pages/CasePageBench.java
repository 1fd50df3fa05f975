package walnut.server.pages;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long a radiologist waits for a case. Starts {@code walnut demo} from the packaged jar, opens each of its cases once in
 * a browser that was never used on a node that never drew that case, and once more. Run by hand, after packaging, with
 * chromium and chromedriver on the path; server/target/walnut.jar and server/target/test-classes on the class path:
 *
 * <pre>CasePageBench JAR [PATIENTS]</pre>
 *
 * <p>Prints milliseconds from the address being opened to the load event (every picture of the first slice is there), to the
 * first paint, and to the answer's first byte; the largest memory that the node took; and the load of the machine.
 */
public final class CasePageBench {
    private static final Pattern ADDRESS = Pattern.compile("^page +(http://[^/]+)/.*");
    private static final Pattern TOKEN = Pattern.compile("^token (\\S+) .*");
    private static final Pattern CASE = Pattern.compile("^case +(\\S+) (COMPLETED|NOT_ELIGIBLE) .*");
    private static final String UNTIL = "performance.getEntriesByType('navigation')[0].";

    private final List<Opening> cold = new ArrayList<>();
    private final List<Opening> again = new ArrayList<>();

    private CasePageBench() {}

    private record Opening(double firstByte, double firstPaint, double loaded) {}

    public static void main(String[] args) throws Exception {
        String patients = args.length > 1 ? args[1] : "12";
        Process node = new ProcessBuilder("java", "-jar", args[0], "demo", "--patients", patients)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            new CasePageBench().run(node);
        } finally {
            node.destroy();
        }
    }

    private void run(Process node) throws IOException {
        String address = "";
        String token = "";
        List<String> cases = new ArrayList<>();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine();
                line != null && !line.startsWith("The page is at");
                line = output.readLine()) {
            Matcher page = ADDRESS.matcher(line);
            Matcher secret = TOKEN.matcher(line);
            Matcher done = CASE.matcher(line);
            if (page.matches()) {
                address = page.group(1);
            } else if (secret.matches()) {
                token = secret.group(1);
            } else if (done.matches()) {
                cases.add(done.group(1));
            }
        }
        for (String caseId : cases) {
            open(address, token, caseId);
        }
        print("opened cold", cold);
        print("opened again", again);
        System.out.printf(
                "node's largest memory %s, load now %s%n",
                status(node, "VmHWM"),
                Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private void open(String address, String token, String caseId) throws IOException {
        Path profile = Files.createTempDirectory("case-page-bench");
        try (Browser browser = Browser.start(profile)) {
            browser.open(address + "/sign-in");
            browser.type("#token", token);
            browser.click(".sign-in button");
            browser.await("document.querySelector('#cases')");
            cold.add(opening(browser, address + "/cases/" + caseId));
            again.add(opening(browser, address + "/cases/" + caseId));
        } finally {
            delete(profile);
        }
    }

    private static Opening opening(Browser browser, String page) {
        browser.open(page);
        browser.await(UNTIL + "loadEventEnd > 0 && performance.getEntriesByType('paint').length > 0");
        return new Opening(
                browser.value(UNTIL + "responseStart").asDouble(),
                browser.value("performance.getEntriesByType('paint')[0].startTime")
                        .asDouble(),
                browser.value(UNTIL + "loadEventEnd").asDouble());
    }

    private static void print(String what, List<Opening> openings) {
        System.out.printf(
                Locale.ROOT,
                "%-12s n %d, median ms: first byte %.0f, first paint %.0f, every picture %.0f (%.0f to %.0f)%n",
                what,
                openings.size(),
                median(openings.stream().map(Opening::firstByte)),
                median(openings.stream().map(Opening::firstPaint)),
                median(openings.stream().map(Opening::loaded)),
                openings.stream().mapToDouble(Opening::loaded).min().orElse(Double.NaN),
                openings.stream().mapToDouble(Opening::loaded).max().orElse(Double.NaN));
    }

    private static double median(Stream<Double> values) {
        double[] sorted = values.mapToDouble(Double::doubleValue).sorted().toArray();
        int n = sorted.length;
        return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    private static String status(Process process, String field) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .findFirst()
                    .map(line -> line.replaceAll("\\s+", " "))
                    .orElse("unknown");
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
        }
    }
}
