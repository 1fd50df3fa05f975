/** Tests of tokens, sessions and the law. */
@NullMarked
package walnut.server.security;

import org.jspecify.annotations.NullMarked;
