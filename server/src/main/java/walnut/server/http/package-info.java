/**
 * The HTTP listener: binds it, asks the law who may ask, sends the security headers, counts requests, and mounts the API and
 * the pages. Must not know what any of them answers.
 */
@NullMarked
package walnut.server.http;

import org.jspecify.annotations.NullMarked;
