/**
 * The HTTP API under {@code /api/v1}: what can be asked, in plain records, and the narrow interfaces through which the
 * answers are read. Errors are RFC 9457 problem details under a {@link walnut.failure.FailureCode}. The contract is
 * {@code openapi.json} beside this package; a test keeps document and routes equal.
 *
 * <p>Must not know SQL, DICOM data sets, model runtimes or HTML. Every interface here may block: it is called on a worker
 * pool, never on an event loop. No record here carries a patient identifier outwards.
 */
@NullMarked
package walnut.server.api;

import org.jspecify.annotations.NullMarked;
