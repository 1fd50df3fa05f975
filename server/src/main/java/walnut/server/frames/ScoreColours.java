package walnut.server.frames;

/**
 * The colour of a score in [0, 1] on top of a gray picture: dark violet over magenta and orange to pale yellow, lightness
 * rising all the way, so that the order survives colour blindness and print. Scores below {@link #VISIBLE_FROM} are
 * clear; opacity rises with the score.
 */
public final class ScoreColours {
    /** Below this the picture stays as it is. */
    public static final double VISIBLE_FROM = 0.05;

    private static final double LEAST_OPACITY = 0.35;
    private static final double MOST_OPACITY = 0.85;

    /** Red, green, blue at evenly spaced scores; CIELAB lightness rises from 18 to 95. */
    private static final int[][] ANCHORS = {
        {57, 26, 103}, {110, 33, 124}, {164, 43, 117}, {212, 67, 90}, {243, 109, 64}, {253, 165, 72}, {254, 240, 165},
    };

    private ScoreColours() {}

    /** Colour and opacity as 0xAARRGGBB; clear where there is no score (NaN). */
    public static int argb(float score) {
        if (!(score >= VISIBLE_FROM)) {
            return 0;
        }
        double clamped = Math.min(1, score);
        double alpha = LEAST_OPACITY + (MOST_OPACITY - LEAST_OPACITY) * (clamped - VISIBLE_FROM) / (1 - VISIBLE_FROM);
        return (int) Math.round(alpha * 255) << 24 | rgb(clamped);
    }

    /** Colour alone, 0xRRGGBB, for the bar beside the picture. */
    public static int rgb(double score) {
        double position = Math.max(0, Math.min(1, score)) * (ANCHORS.length - 1);
        int below = Math.min((int) position, ANCHORS.length - 2);
        double fraction = position - below;
        int colour = 0;
        for (int channel = 0; channel < 3; channel++) {
            int from = ANCHORS[below][channel];
            int to = ANCHORS[below + 1][channel];
            colour = colour << 8 | (int) Math.round(from + fraction * (to - from));
        }
        return colour;
    }
}
