package walnut.server.database;

/** How far a model's word goes here. */
public enum DeploymentState {
    /** Predicts, is stored and measured; nothing leaves the node. Where every model begins. */
    SILENT,
    /** Results are sent to the destinations. */
    ASSIST,
    /** Does not run. */
    STOPPED
}
