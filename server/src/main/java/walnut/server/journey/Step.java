package walnut.server.journey;

/**
 * What is done for one case, in this order. A process may die between any two of them; each says what makes doing it
 * again harmless. Before the first stand the images, durable since they were acknowledged, and their case, opened by the
 * transaction that indexed them.
 */
public enum Step {
    /** A worker has the case until its lease ends; then anybody takes it over. */
    CLAIMED,
    /** The images are read and series are chosen, from the index alone: nothing of it is kept. */
    ASSEMBLED,
    /** The corridor has an outcome, in memory; the same images give the same one again. */
    PREDICTED,
    /** The heatmap is on the disk under an id that no prediction has yet; one that never gets it is swept. */
    HEATMAP_WRITTEN,
    /**
     * The prediction is stored and the case is closed, in one transaction. Unique over case, inputs, model, configuration
     * and kind: done twice, it stands once.
     */
    PREDICTION_STORED,
    /** The result objects are on the disk; a pure function of the prediction, so written again they are the same bytes. */
    OBJECTS_WRITTEN,
    /** The decision that they leave is stored with a row for each object and destination, in one transaction, once. */
    QUEUED,
    /** A destination has answered and nobody noted it yet: it is sent again, the same bytes under the same UID. */
    SENT,
    /** The answer is noted; nothing is left to do. */
    ACKNOWLEDGED
}
