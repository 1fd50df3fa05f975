package walnut.store;

/** Takes objects in, from the network or anywhere else. */
public interface InstanceReceiver {
    /** Begins an object. Never blocks and never throws for the object's sake; failures come out of the writer. */
    InstanceWriter begin(InstanceOrigin origin);
}
