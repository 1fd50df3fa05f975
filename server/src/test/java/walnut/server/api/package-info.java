/** Tests of the API's contract and of what it reads. */
@NullMarked
package walnut.server.api;

import org.jspecify.annotations.NullMarked;
