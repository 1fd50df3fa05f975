package walnut.server.events;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.server.api.Callers;
import walnut.server.api.CaseFilter;
import walnut.server.api.CaseQueries;
import walnut.server.api.CaseSummary;
import walnut.server.api.Routes;

/**
 * {@code GET /api/v1/events}: what happens to the newest cases, as server-sent events. Cases are looked at only while
 * somebody listens, and on a worker. Whoever comes without the id of an event, or with one that is too old, is told to ask
 * for everything again ({@code resync}); with a known id they are told what they missed.
 */
public final class EventRoutes implements Routes {
    private static final Logger LOG = LoggerFactory.getLogger(EventRoutes.class);
    public static final String PATH = "/api/v1/events";

    private final Vertx vertx;
    private final CaseQueries cases;
    private final Settings settings;
    private final CaseFeed feed;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private boolean looking;

    /**
     * @param look how long after one look at the cases the next is taken
     * @param heartbeat shorter than any proxy's and this server's own idle timeout
     * @param lifetime after which a stream ends, so that none is forgotten
     * @param guard how long after one question whether the caller may still listen the next is asked
     * @param mostStreams further listeners are BUSY
     * @param mostPending events that wait for one browser before it is cut
     * @param watched how many of the newest cases are looked at
     */
    public record Settings(
            Duration look,
            Duration heartbeat,
            Duration lifetime,
            Duration guard,
            int mostStreams,
            int mostPending,
            int watched) {
        public static Settings standard() {
            return new Settings(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(20),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(5),
                    64,
                    256,
                    200);
        }
    }

    /** @param epoch names this process among all that ever were, so that an id of another is known for one */
    public EventRoutes(Vertx vertx, CaseQueries cases, String epoch, Settings settings) {
        this.vertx = vertx;
        this.cases = cases;
        this.settings = settings;
        this.feed = new CaseFeed(epoch);
    }

    @Override
    public void mount(Router router) {
        router.get(PATH).handler(this::listen);
    }

    private void listen(RoutingContext exchange) {
        exchange.put(TAKEN_BY, PATH);
        if (streams.size() >= settings.mostStreams()) {
            exchange.response().putHeader("Retry-After", "10");
            exchange.fail(new WalnutException(
                    FailureCode.BUSY, "this node tells at most " + settings.mostStreams() + " browsers at a time"));
            return;
        }
        EventStream stream =
                new EventStream(exchange, vertx.getOrCreateContext(), settings.mostPending(), this::forget);
        stream.open();
        String lastId = exchange.request().getHeader("Last-Event-ID");
        stream.tell("retry: 3000\n\n");
        welcome(stream, lastId);
        long heartbeat = vertx.setPeriodic(settings.heartbeat().toMillis(), timer -> stream.heartbeat());
        long end = vertx.setTimer(settings.lifetime().toMillis(), timer -> stream.end());
        guard(exchange, stream);
        exchange.addEndHandler(ended -> {
            streams.remove(stream);
            vertx.cancelTimer(heartbeat);
            vertx.cancelTimer(end);
        });
        startLooking();
    }

    /** A stream outlives neither the token nor the session that opened it by more than a moment. */
    private void guard(RoutingContext exchange, EventStream stream) {
        Callable<Boolean> mayStill = Callers.mayStill(exchange);
        vertx.setTimer(settings.guard().toMillis(), timer -> {
            if (exchange.response().closed() || exchange.response().ended()) {
                return;
            }
            vertx.executeBlocking(mayStill, false).onComplete(answer -> {
                // Where nobody can say, the browser is asked again when it comes back.
                if (answer.succeeded() && answer.result()) {
                    guard(exchange, stream);
                } else {
                    stream.end();
                }
            });
        });
    }

    /** What is missed between this and the next event would be missed for ever: nothing is told to anybody meanwhile. */
    private synchronized void welcome(EventStream stream, @Nullable String lastId) {
        feed.since(lastId).orElseGet(() -> List.of(feed.resync())).forEach(event -> stream.tell(event.text()));
        streams.add(stream);
    }

    private synchronized void tellWhatChanged(List<CaseSummary> newest) {
        feed.look(newest).forEach(event -> streams.forEach(stream -> stream.tell(event.text())));
    }

    private void forget(EventStream stream) {
        streams.remove(stream);
    }

    /** How many browsers listen now. */
    int listening() {
        return streams.size();
    }

    private synchronized void startLooking() {
        if (!looking) {
            looking = true;
            look();
        }
    }

    private void look() {
        vertx.<List<CaseSummary>>executeBlocking(
                        () -> cases.cases(CaseFilter.newest(settings.watched())).cases(), false)
                .onSuccess(this::tellWhatChanged)
                .onFailure(failure -> LOG.warn("the cases cannot be looked at; trying again", failure))
                .onComplete(looked -> vertx.setTimer(settings.look().toMillis(), timer -> lookAgain()));
    }

    private synchronized void lookAgain() {
        looking = !streams.isEmpty();
        if (looking) {
            look();
        }
    }
}
