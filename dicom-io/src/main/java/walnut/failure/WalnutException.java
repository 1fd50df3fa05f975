package walnut.failure;

/**
 * A foreseen failure on its way to whoever answers for it. The message says what was expected and what was found, in a
 * sentence a person can act on, and never holds a patient identifier.
 */
public final class WalnutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureCode code;

    public WalnutException(FailureCode code, String message) {
        super(message);
        this.code = code;
    }

    public WalnutException(FailureCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public FailureCode code() {
        return code;
    }
}
