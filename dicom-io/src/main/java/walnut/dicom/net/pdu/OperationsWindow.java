package walnut.dicom.net.pdu;

/**
 * Asynchronous operations window (item 53H): operations that may be outstanding, seen from the association requestor; 0
 * means no limit. Without the item both are 1.
 */
public record OperationsWindow(int invoked, int performed) {}
