package walnut.server.database;

/** Why a prediction was made, which decides who may see it and which figures it may enter. */
public enum PredictionKind {
    CLINICAL,
    /** Stored and measured, sent to nobody. */
    SILENT,
    SHADOW,
    REPLAY,
    PERTURBATION
}
