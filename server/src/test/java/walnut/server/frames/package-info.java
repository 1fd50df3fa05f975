/** Tests of the pictures, on small volumes whose right answer can be worked out by hand. */
@NullMarked
package walnut.server.frames;

import org.jspecify.annotations.NullMarked;
