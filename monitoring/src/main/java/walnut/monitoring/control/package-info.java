/**
 * Control charts: has a stream changed, and when. They replace testing every window afresh, whose false alarms add up;
 * a chart is designed by its run length and by how soon it sees a stated change.
 *
 * <p>Streams are fed in the order in which results became known. Must not know what is charted.
 */
@NullMarked
package walnut.monitoring.control;

import org.jspecify.annotations.NullMarked;
