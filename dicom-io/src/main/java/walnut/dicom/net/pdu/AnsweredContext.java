package walnut.dicom.net.pdu;

/**
 * The answer to one proposed presentation context.
 *
 * @param result result/reason of PS3.8 Table 9-18
 * @param transferSyntax the one chosen; not significant unless accepted
 */
public record AnsweredContext(int id, int result, String transferSyntax) {
    public static final int ACCEPTANCE = 0;
    public static final int USER_REJECTION = 1;
    public static final int NO_REASON = 2;
    public static final int ABSTRACT_SYNTAX_NOT_SUPPORTED = 3;
    public static final int TRANSFER_SYNTAXES_NOT_SUPPORTED = 4;

    public boolean accepted() {
        return result == ACCEPTANCE;
    }
}
