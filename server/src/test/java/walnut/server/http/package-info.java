/** Tests of the listener over real HTTP, against a hospital in memory. */
@NullMarked
package walnut.server.http;

import org.jspecify.annotations.NullMarked;
