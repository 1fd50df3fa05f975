package walnut.server.api;

/** Says whether this node can take work now. May block. */
public interface Readiness {

    ReadinessReport check();
}
