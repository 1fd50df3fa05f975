/** Tests of the store: what survives a power cut, a full disk, a kill. */
@NullMarked
package walnut.store;

import org.jspecify.annotations.NullMarked;
