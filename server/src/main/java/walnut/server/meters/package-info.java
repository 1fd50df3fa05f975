/** What this node counts of itself, as Micrometer meters named {@code walnut_…}: wires the rooms' listeners to them. */
@NullMarked
package walnut.server.meters;

import org.jspecify.annotations.NullMarked;
