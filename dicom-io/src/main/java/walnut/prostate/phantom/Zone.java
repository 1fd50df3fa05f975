package walnut.prostate.phantom;

/** Zone of a point, with its value in the truth mask {@code zones.nii.gz}. */
public enum Zone {
    OUTSIDE(0),
    PERIPHERAL(1),
    TRANSITION(2),
    CENTRAL(3),
    ANTERIOR_STROMA(4),
    SEMINAL_VESICLE(5);

    private final int label;

    Zone(int label) {
        this.label = label;
    }

    public int label() {
        return label;
    }

    /** Whether the point belongs to the gland: the seminal vesicles do not. */
    public boolean gland() {
        return this != OUTSIDE && this != SEMINAL_VESICLE;
    }
}
