/** Small model packages that the tests of all rooms of this module share. */
@NullMarked
package walnut.models;

import org.jspecify.annotations.NullMarked;
