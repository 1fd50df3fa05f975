/**
 * What leaves the node for one prediction: pages drawn for every viewer (Secondary Capture) and a structured report
 * (Comprehensive 3D SR). Pure functions of the stored prediction, its heatmap and the images it was made from: the same
 * prediction gives the same bytes, on any machine, so text is drawn with a font of our own.
 *
 * <p>Must not know HTTP, SQL or the network; the outbox sends what is made here.
 */
@NullMarked
package walnut.server.results;

import org.jspecify.annotations.NullMarked;
