/**
 * Pages for people: the worklist, a case, a model. Server-rendered; view records say in words what the templates under
 * {@code src/main/jte} only lay out. Every text from outside is escaped by the templates, and the content security policy
 * would not run it anyway.
 *
 * <p>Must not know SQL, DICOM data sets or how a picture is drawn. {@code walnut.server.pages.generated} holds the
 * compiled templates.
 */
@NullMarked
package walnut.server.pages;

import org.jspecify.annotations.NullMarked;
