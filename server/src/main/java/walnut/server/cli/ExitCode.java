package walnut.server.cli;

import walnut.failure.FailureCode;

/** What a command's exit says to the script that called it. */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    /** The answer is a refusal: a study that is not eligible, a model package that is not valid. */
    public static final int REFUSED = 3;

    private ExitCode() {}

    static int of(FailureCode code) {
        if (code.isRefusal()) {
            return REFUSED;
        }
        return switch (code) {
            case INVALID_ARGUMENT, CONFIGURATION_INVALID -> USAGE;
            case MODEL_PACKAGE_INVALID, MODEL_DIGEST_MISMATCH, MODEL_IO_MISMATCH, LABEL_INVALID -> REFUSED;
            default -> FAILED;
        };
    }
}
