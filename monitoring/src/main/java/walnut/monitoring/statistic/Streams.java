package walnut.monitoring.statistic;

import java.util.SplittableRandom;

/**
 * Seeded random streams, one per replicate: {@link SplittableRandom} (SplitMix64; Steele, Lea &amp; Flood, OOPSLA 2014)
 * whose seed is Stafford's 64-bit mix (variant 13) of {@code seed + (index + 1)·0xD1342543DE82EF95}. A result then depends
 * on the seed alone, not on threads or on how many replicates follow.
 *
 * <p>The mix matters: SplitMix64 steps by a constant, so seeds that lie that constant apart give one stream shifted, and
 * replicates that resemble each other.
 */
public final class Streams {
    private Streams() {}

    public static SplittableRandom of(long seed, int index) {
        long z = seed + (index + 1L) * 0xD1342543DE82EF95L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return new SplittableRandom(z ^ (z >>> 31));
    }
}
