/** Tests of what people see: the words, and the pages in a real browser. */
@NullMarked
package walnut.server.pages;

import org.jspecify.annotations.NullMarked;
