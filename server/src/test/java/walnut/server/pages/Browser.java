package walnut.server.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import walnut.testing.Peers;

/** Headless Chromium, driven by chromedriver over plain HTTP (W3C WebDriver): as much of it as these tests need. */
final class Browser implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final Map<String, String> KEYS = Map.of(
            "ArrowDown",
            "\uE015",
            "ArrowUp",
            "\uE013",
            "ArrowRight",
            "\uE014",
            "End",
            "\uE010",
            "Home",
            "\uE011",
            "Escape",
            "\uE00C",
            "Tab",
            "\uE004",
            "Enter",
            "\uE007");
    private static final String SHIFT = "\uE008";
    /** On the smallest of our pages some twenty rules find something to check. */
    private static final int FEWEST_RULES = 10;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process driver;
    private final String address;
    private final String session;

    private Browser(Process driver, int port, Path chromium, Path profile) {
        this.driver = driver;
        this.address = "http://127.0.0.1:" + port;
        ObjectNode options = MAPPER.createObjectNode().put("binary", chromium.toString());
        options.putPOJO(
                "args",
                List.of(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--hide-scrollbars",
                        "--window-size=1600,1250",
                        "--user-data-dir=" + profile));
        ObjectNode capabilities = MAPPER.createObjectNode();
        capabilities
                .putObject("capabilities")
                .putObject("alwaysMatch")
                .putPOJO("goog:loggingPrefs", Map.of("browser", "ALL"))
                .set("goog:chromeOptions", options);
        this.session = "/session/"
                + call("POST", "/session", capabilities).path("sessionId").asText();
    }

    static Browser start(Path profile) throws IOException {
        Path chromium = Peers.require("chromium", "chromium");
        Path chromedriver = Peers.require("chromium", "chromedriver");
        Process driver = new ProcessBuilder(chromedriver.toString(), "--port=0")
                .redirectErrorStream(true)
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher port = PORT.matcher(line);
            if (port.find()) {
                return new Browser(driver, Integer.parseInt(port.group(1)), chromium, profile);
            }
        }
        throw new AssertionError("chromedriver ended without naming its port");
    }

    void open(String url) {
        call("POST", session + "/url", MAPPER.createObjectNode().put("url", url));
    }

    /** The value of a JavaScript expression on the page. */
    JsonNode value(String expression) {
        return execute("sync", "return " + expression);
    }

    /**
     * What axe-core finds against WCAG 2.0, 2.1 and 2.2, levels A and AA: one line a rule and element. Empty is what pages
     * must be.
     */
    List<String> accessibilityViolations() {
        execute("sync", axe());
        JsonNode found = execute(
                "async",
                "const done = arguments[arguments.length - 1];"
                        + "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
                        + ".then(r => done({tried: r.passes.length, found: r.violations.flatMap(v => v.nodes.map("
                        + "n => v.id + ' ' + n.target.join(' ') + ': ' + n.failureSummary))}), e => done({error: String(e)}));");
        if (found.path("tried").asInt() < FEWEST_RULES) {
            throw new AssertionError("axe-core did not look at the page: " + found);
        }
        List<String> violations = new ArrayList<>();
        found.path("found").forEach(violation -> violations.add(violation.asText()));
        return violations;
    }

    private static String axe() {
        try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
            if (script == null) {
                throw new IllegalStateException("axe.min.js is not on the test class path");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode execute(String how, String body) {
        ObjectNode script = MAPPER.createObjectNode().put("script", body);
        script.putArray("args");
        return call("POST", session + "/execute/" + how, script);
    }

    /** Types into the field that a selector names. */
    void type(String selector, String text) {
        call(
                "POST",
                session + "/element/" + element(selector) + "/value",
                MAPPER.createObjectNode().put("text", text));
    }

    /** Waits until an expression is true. */
    void await(String expression) {
        for (int attempt = 0; attempt < 200; attempt++) {
            if (value("Boolean(" + expression + ")").asBoolean()) {
                return;
            }
            pause();
        }
        throw new AssertionError("never became true: " + expression);
    }

    void click(String selector) {
        call("POST", session + "/element/" + element(selector) + "/click", MAPPER.createObjectNode());
    }

    private String element(String selector) {
        ObjectNode query =
                MAPPER.createObjectNode().put("using", "css selector").put("value", selector);
        return call("POST", session + "/element", query).path(ELEMENT).asText();
    }

    /** Presses a key with shift held down. */
    void pressWithShift(String key) {
        String value = KEYS.getOrDefault(key, key);
        keys(List.of(
                Map.of("type", "keyDown", "value", SHIFT),
                Map.of("type", "keyDown", "value", value),
                Map.of("type", "keyUp", "value", value),
                Map.of("type", "keyUp", "value", SHIFT)));
    }

    /** Presses a key wherever the focus is: a letter, or a name such as ArrowDown. */
    void press(String key) {
        String value = KEYS.getOrDefault(key, key);
        keys(List.of(Map.of("type", "keyDown", "value", value), Map.of("type", "keyUp", "value", value)));
    }

    private void keys(List<Map<String, String>> strokes) {
        ObjectNode actions = MAPPER.createObjectNode();
        actions.putArray("actions")
                .addObject()
                .put("type", "key")
                .put("id", "keyboard")
                .putPOJO("actions", strokes);
        call("POST", session + "/actions", actions);
    }

    void screenshot(Path file) throws IOException {
        String png = call("GET", session + "/screenshot", null).asText();
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(png));
    }

    /** What the console said since it was last asked, violations of the content security policy among it. */
    List<String> console() {
        return call("POST", session + "/se/log", MAPPER.createObjectNode().put("type", "browser"))
                .findValuesAsText("message");
    }

    private JsonNode call(String method, String path, @Nullable ObjectNode body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(Duration.ofSeconds(120))
                .header("Content-Type", "application/json; charset=utf-8")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new AssertionError(path + " answered " + response.body());
            }
            return MAPPER.readTree(response.body()).path("value");
        } catch (IOException e) {
            throw new AssertionError("chromedriver does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        try {
            call("DELETE", session, null);
        } finally {
            driver.destroy();
        }
    }
}
