/** Test support shared by all modules: where real data lies, which peers are installed, what must not be skipped. */
@NullMarked
package walnut.testing;

import org.jspecify.annotations.NullMarked;
