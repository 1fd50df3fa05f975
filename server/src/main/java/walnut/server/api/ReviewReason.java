package walnut.server.api;

import java.util.Set;

/** Why a reader decided so. Names are a contract: they stand in stored reviews. Add, never rename. */
public enum ReviewReason {
    SAME_AS_MY_READING(Set.of(ReviewDecision.ACCEPTED), "Same as my own reading"),
    AGREED_ON_SECOND_LOOK(Set.of(ReviewDecision.ACCEPTED), "Agreed after a second look at the images"),
    FALSE_POSITIVE(Set.of(ReviewDecision.CORRECTED, ReviewDecision.REJECTED), "A candidate is no lesion"),
    FALSE_NEGATIVE(Set.of(ReviewDecision.CORRECTED, ReviewDecision.REJECTED), "A lesion is missing"),
    WRONG_LOCATION(Set.of(ReviewDecision.CORRECTED, ReviewDecision.REJECTED), "A candidate lies in the wrong place"),
    IMAGE_QUALITY(Set.of(ReviewDecision.REJECTED), "The images are too poor to be judged"),
    WRONG_SERIES(Set.of(ReviewDecision.REJECTED), "The wrong series were used"),
    WRONG_REFUSAL(Set.of(ReviewDecision.REJECTED), "The refusal is wrong: the case can be read"),
    /** Needs a comment. */
    OTHER(
            Set.of(ReviewDecision.ACCEPTED, ReviewDecision.CORRECTED, ReviewDecision.REJECTED),
            "Another reason, in the comment");

    private final Set<ReviewDecision> decisions;
    private final String sentence;

    ReviewReason(Set<ReviewDecision> decisions, String sentence) {
        this.decisions = decisions;
        this.sentence = sentence;
    }

    public boolean explains(ReviewDecision decision) {
        return decisions.contains(decision);
    }

    /** For people. */
    public String sentence() {
        return sentence;
    }
}
