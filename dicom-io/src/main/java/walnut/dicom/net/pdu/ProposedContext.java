package walnut.dicom.net.pdu;

import java.util.List;

/**
 * A presentation context as proposed: one abstract syntax (SOP class) in one or more transfer syntaxes.
 *
 * @param id odd, 1 to 255
 */
public record ProposedContext(int id, String abstractSyntax, List<String> transferSyntaxes) {
    public ProposedContext {
        transferSyntaxes = List.copyOf(transferSyntaxes);
    }
}
