package walnut.server.journey;

/**
 * Told after each step, on the thread that did it and before that goes on. For tests, which end the process here; a node
 * has nobody watching.
 */
public interface StepObserver {
    StepObserver NOBODY = (step, id) -> {};

    /** @param id of the case up to the prediction, of the prediction after it */
    void done(Step step, String id);
}
