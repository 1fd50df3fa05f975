package walnut.server.pipeline;

/** Tells whether a person has judged a case already; what comes then supersedes nothing in silence. */
public interface ReviewedCases {

    boolean isReviewed(String caseId);
}
