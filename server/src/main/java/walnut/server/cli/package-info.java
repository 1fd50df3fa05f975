/** The command line: one class per command, each with {@code --help}; exit 0 done, 1 failed, 2 usage, 3 refused. */
@NullMarked
package walnut.server.cli;

import org.jspecify.annotations.NullMarked;
