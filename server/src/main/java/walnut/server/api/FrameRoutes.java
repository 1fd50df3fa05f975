package walnut.server.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import walnut.server.frames.CaseFrames;
import walnut.server.frames.FrameCache;
import walnut.server.frames.Pane;

/** The pictures of a case, one PNG per pane and slice of the T2W grid. */
public final class FrameRoutes implements Routes {
    private final CaseQueries cases;
    private final FrameCache frames;
    private final WorkerAnswers workers;

    public FrameRoutes(CaseQueries cases, FrameCache frames, WorkerAnswers workers) {
        this.cases = cases;
        this.frames = frames;
        this.workers = workers;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/v1/cases/:caseId/panes/:pane/:slice.png")
                .handler(workers.answer(
                        context -> {
                            String caseId = Parameters.path(context, "caseId");
                            Pane pane = pane(context);
                            int slice = slice(context);
                            CaseQueries visible = VisibleCases.to(Callers.of(context), cases);
                            return () -> draw(visible, caseId, pane, slice);
                        },
                        FrameRoutes::send));
    }

    private Picture draw(CaseQueries visible, String caseId, Pane pane, int slice) {
        if (pane == Pane.HEATMAP
                && visible.caseById(caseId)
                        .filter(detail -> detail.prediction() != null)
                        .isEmpty()) {
            throw Parameters.notFound("heatmap of case", caseId);
        }
        CaseFrames drawn = frames.frames(caseId).orElseThrow(() -> Parameters.notFound("picture of case", caseId));
        return new Picture(drawn.revision(), drawn.png(pane, slice));
    }

    /** A picture named by its revision never changes; without one it may be another tomorrow. */
    private static void send(RoutingContext context, Picture picture) {
        boolean named = picture.revision().equals(Parameters.query(context, "revision"));
        context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "image/png")
                .putHeader(HttpHeaders.CACHE_CONTROL, named ? "private, max-age=86400, immutable" : "no-store")
                .end(Buffer.buffer(picture.png()));
    }

    private static Pane pane(RoutingContext context) {
        return Pane.ofPathSegment(Parameters.path(context, "pane"))
                .orElseThrow(() -> Parameters.invalid("pane must be T2W, ADC, HBV or heatmap"));
    }

    private static int slice(RoutingContext context) {
        return Parameters.wholeNumber(Parameters.path(context, "slice"))
                .orElseThrow(() -> Parameters.invalid("slice must be a whole number, counted from 0"));
    }

    private record Picture(String revision, byte[] png) {}
}
