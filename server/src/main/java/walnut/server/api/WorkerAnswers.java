package walnut.server.api;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Makes handlers whose question is read from the request on the event loop and whose answer is found on a worker, since
 * finding it may block.
 */
public final class WorkerAnswers {
    private final WorkerExecutor workers;

    public WorkerAnswers(WorkerExecutor workers) {
        this.workers = workers;
    }

    /** Does something that may block, for a handler that goes on by itself. */
    <T> Future<T> run(Callable<T> work) {
        return workers.executeBlocking(work, false);
    }

    /** Answers 200 with the value as JSON. */
    Handler<RoutingContext> json(Function<RoutingContext, Callable<?>> question) {
        return answer(question, (context, value) -> ApiJson.send(context, 200, "application/json", value));
    }

    /**
     * @param question reads the request, on the event loop; what it returns finds the answer, on a worker
     * @param send writes the answer, on the event loop again
     */
    public <T> Handler<RoutingContext> answer(
            Function<RoutingContext, ? extends Callable<? extends T>> question, BiConsumer<RoutingContext, T> send) {
        return context -> {
            context.put(Routes.TAKEN_BY, context.currentRoute().getPath());
            Callable<? extends T> callable = question.apply(context);
            Future<T> found = workers.executeBlocking(callable::call, false);
            found.onComplete(
                    value -> {
                        // The one who asked may have gone meanwhile.
                        if (!context.response().closed()) {
                            send.accept(context, value);
                        }
                    },
                    context::fail);
        };
    }
}
