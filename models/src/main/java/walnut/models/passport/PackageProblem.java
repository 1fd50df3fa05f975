package walnut.models.passport;

import java.util.List;
import java.util.stream.Collectors;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** One thing wrong with a model package, and what would put it right, in one sentence. */
public record PackageProblem(FailureCode code, String sentence) {

    static PackageProblem invalid(String sentence) {
        return new PackageProblem(FailureCode.MODEL_PACKAGE_INVALID, sentence);
    }

    static PackageProblem digest(String sentence) {
        return new PackageProblem(FailureCode.MODEL_DIGEST_MISMATCH, sentence);
    }

    /** One exception for all of them, under the code of the first. */
    static WalnutException exception(List<PackageProblem> problems) {
        return new WalnutException(
                problems.get(0).code(),
                problems.stream().map(PackageProblem::sentence).collect(Collectors.joining(" ")));
    }

    @Override
    public String toString() {
        return code + ": " + sentence;
    }
}
