package walnut.volume;

import java.io.IOException;

/** A file that claims to be NIfTI-1 and cannot be read as a volume; the message says what was expected and found. */
public final class MalformedNiftiException extends IOException {
    private static final long serialVersionUID = 1L;

    public MalformedNiftiException(String message) {
        super(message);
    }
}
