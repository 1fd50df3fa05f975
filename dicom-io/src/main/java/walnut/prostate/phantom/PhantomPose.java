package walnut.prostate.phantom;

/**
 * How the patient lay and how the slices were numbered: things that a reader must not trust for sides and order.
 *
 * <p>A patient who lies prone is read out by many scanners with both in-plane axes turned, so that the gantry's top
 * stays on top: his images have negated cosines.
 *
 * @param position PatientPosition (0018,5100)
 * @param order how instance numbers follow the slices
 */
public record PhantomPose(Position position, Order order) {
    /** Defined terms of PatientPosition (PS3.3 C.7.3.1.1.2). */
    public enum Position {
        HFS,
        FFS,
        HFP,
        FFP;

        boolean prone() {
            return this == HFP || this == FFP;
        }
    }

    /** The order of the instance numbers along the slices' normal. */
    public enum Order {
        FORWARD,
        REVERSED,
        SHUFFLED
    }

    /** The pose of a visit: nine of ten lie head first and supine; a third of all stacks is not numbered forward. */
    static PhantomPose of(long seed, int visit) {
        SeedStream stream = new SeedStream(seed, 7, visit);
        Position position = Position.values()[stream.choice(.90, .06, .02, .02)];
        return new PhantomPose(position, Order.values()[stream.choice(.67, .23, .10)]);
    }

    /** The slices of a stack in the order of their instance numbers. */
    int[] numbering(int slices, long seed) {
        int[] slice = new int[slices];
        for (int place = 0; place < slices; place++) {
            slice[place] = order == Order.REVERSED ? slices - 1 - place : place;
        }
        if (order == Order.SHUFFLED) {
            SeedStream stream = new SeedStream(seed, 9, slices);
            for (int place = slices - 1; place > 0; place--) {
                int other = (int) (stream.uniform() * (place + 1));
                int held = slice[place];
                slice[place] = slice[other];
                slice[other] = held;
            }
        }
        return slice;
    }
}
