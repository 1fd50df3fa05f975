package walnut.server.pages;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import walnut.server.frames.ColourBar;

/** Style sheet, scripts and marks: a closed list, read once at start, so that no path can lead elsewhere. */
final class StaticFiles {
    private static final Map<String, String> TYPE_BY_NAME = Map.of(
            "walnut.css", "text/css; charset=utf-8",
            "case.js", "text/javascript; charset=utf-8",
            "review.js", "text/javascript; charset=utf-8",
            "worklist.js", "text/javascript; charset=utf-8",
            "admin.js", "text/javascript; charset=utf-8",
            "walnut.svg", "image/svg+xml");

    private StaticFiles() {}

    static void mount(Router router) {
        TYPE_BY_NAME.forEach((name, type) -> serve(router, name, type, read(name)));
        serve(router, "colour-bar.png", "image/png", Buffer.buffer(ColourBar.png()));
    }

    private static void serve(Router router, String name, String type, Buffer content) {
        String tag = "\"" + Integer.toHexString(content.hashCode()) + "-" + content.length() + "\"";
        router.get("/web/" + name).handler(context -> {
            context.response().putHeader(HttpHeaders.ETAG, tag).putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
            if (tag.equals(context.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
                context.response().setStatusCode(304).end();
            } else {
                context.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(content);
            }
        });
    }

    private static Buffer read(String name) {
        try (InputStream file = StaticFiles.class.getResourceAsStream("/web/" + name)) {
            if (file == null) {
                throw new IllegalStateException("not on the class path: web/" + name);
            }
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be read: web/" + name, e);
        }
    }
}
