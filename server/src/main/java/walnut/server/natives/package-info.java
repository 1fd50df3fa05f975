/**
 * Shared libraries of ONNX Runtime, SQLite and JNA, out of the jar and onto the disk once, under a name that is their
 * digest. Knows where each library looks for its own; never calls one, since the first call must come later.
 */
@NullMarked
package walnut.server.natives;

import org.jspecify.annotations.NullMarked;
