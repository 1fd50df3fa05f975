package walnut.server.pages;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/** The templates, compiled at build time. */
final class Templates {
    private static final TemplateEngine ENGINE = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Templates.class.getClassLoader(), "walnut.server.pages.generated");

    private Templates() {}

    static String render(String template, Object view) {
        StringOutput html = new StringOutput(16 * 1024);
        ENGINE.render(template + ".jte", view, html);
        return html.toString();
    }

    /** A page may be about a patient: no cache keeps it. */
    static void send(RoutingContext context, int status, String html) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(html);
    }
}
